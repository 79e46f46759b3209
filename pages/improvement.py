"""Did people, the model and the team improve, and how sure is that."""

from rhml.ui import alarms, exports, filters, findings, reported, shell, together

with shell.page("improvement") as here:
    domain = here.domain
    with filters.bar():
        since, until = filters.span(domain)
        whole = reported.report(domain.name, since=since, until=until)
        chosen = filters.segment(whole, domain)
    report = reported.report(domain.name, since=since, until=until, segment=chosen) if chosen else whole

    if not findings.nothing(report, domain, filtered=bool(since or until)):
        findings.claimed(report, domain)
        alarms.line(report.alarms, here)
        if domain.outcome:
            findings.course(report.improvement)
            findings.segments(report, domain)
        together.reliance(report.reliance, domain)
        if domain.outcome:
            together.together(report.reliance)
        together.worth(report.overrides[0], report.reliance.override_value, report.reliance.unit)
        findings.speaks_for()
        said = filters.said(since, until, filters.segment_said(chosen, domain))
        exports.report_buttons(report, domain, said, here.now)
