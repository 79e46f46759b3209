"""What a lead may do with models: retrain, promote with a reason, roll back; and the work under way."""

from __future__ import annotations

import streamlit as st

from rhml.loop import lesson_tests
from rhml.loop.promote import FREE, promote
from rhml.store import frames, jobs
from rhml.store.jobs import Job
from rhml.store.registry import Version
from rhml.ui import resources, words
from rhml.ui.shell import Here
from rhml.ui.versions import VERDICTS, Held
from rhml.ui.watched import SHOWN_FOR

KINDS = ("retrain", "judge", "recommend")
ENDED = {"refused": st.warning, "failed": st.error, "interrupted": st.warning, "done": st.success}


def work(here: Here, found: Held) -> bool:
    """Retraining and scoring under way, with progress, or how the last one ended; True while one runs."""
    newest = [
        job for kind in KINDS for job in jobs.latest(here.store, kind=kind, domain=here.domain.name, limit=1)
    ]
    if any(job.state in jobs.OPEN for job in newest):
        _watch(here.domain.name)
        return True
    for job in newest:
        if job.state != "done" or here.now - job.finished_at < SHOWN_FOR:
            _ended(job, found)
    return False


@st.fragment(run_every=1.0)
def _watch(domain: str) -> None:
    """Looks at the job's row once a second, so that leaving the page or reloading it loses nothing."""
    opened = resources.store()
    running = [
        job
        for kind in KINDS
        for job in jobs.latest(opened, kind=kind, domain=domain, limit=1)
        if job.state in jobs.OPEN
    ]
    for job in running:
        st.progress(min(max(job.progress, 0.0), 1.0), text=f"{_named(job)}: {words.plain(job.message)}")
    if running:
        st.caption("You may leave this page; the work goes on.")
    else:
        st.rerun(scope="app")


def _ended(job: Job, found: Held) -> None:
    """A refusal stays until the next try; what went well is said for some hours."""
    said, version = words.plain(job.message), (job.result or {}).get("version")
    if version in {v.version for v in found.versions}:
        ready = (
            f"**{words.plain(version)} is trained; its verdict: {VERDICTS[found.named(version).verdict]}.**"
        )
        then = "" if version in found.ever_live else " Nothing changes until somebody promotes it."
        said = f"{ready} Why is told below.{then}"
    ENDED.get(job.state, st.info)(f"{_named(job)}, {words.when(job.finished_at)}: {said}")


def _named(job: Job) -> str:
    named = {"retrain": "Retraining", "judge": "Another look", "recommend": "New recommendations"}[job.kind]
    return f"{named} by itself" if job.asked_by.startswith("rhml") else named


def look_again(here: Here, found: Held, version: Version, *, busy: bool) -> None:
    """For leads: judge a version that waits again, with the outcomes and lesson tests since."""
    if not here.leads or found.live is None or version.version == found.live:
        return
    since = frames.new_outcomes(here.store, here.domain, version.judged_from or version.learned_from)
    with st.container(horizontal=True, vertical_alignment="center", key="looking_again"):
        if st.button(
            "Look again with the outcomes since", key="judge", icon=":material/visibility:", disabled=busy
        ):
            resources.ask_for(
                "judge", domain=here.domain.name, by=here.person, arguments={"version": version.version}
            )
            st.rerun()
        what = "outcomes" if here.domain.outcome else "decisions"
        st.caption(
            f"{words.number(since)} new {what} since it was judged; no training. Each look makes the next one stricter."
        )


def begin_anew(here: Here, found: Held) -> None:
    """After a retraining or a promotion the page is about the newest version, with no reason typed for another."""
    stands = [here.domain.name, len(found.versions), len(found.promotions)]
    if st.session_state.get("register", stands) != stands and found.versions:
        st.session_state["version"] = found.versions[0].version
        st.session_state["promote_version"] = _next(found)
        st.session_state["promote_why"] = ""
        st.session_state["promote_anyway"] = False
    st.session_state["register"] = stands


def _next(found: Held) -> str | None:
    """What there is to promote: the newest version, or the former champion where the newest is live."""
    if found.versions[0].version != found.live:
        return found.versions[0].version
    others = [v.version for v in found.versions if v.version != found.live]
    former = [p.version for p in found.promotions if p.version != found.live]
    return next(iter([*former, *others]), None)


def retrain(here: Here, *, busy: bool) -> None:
    """The button that trains a challenger, for leads; everybody else is told who may use it."""
    if not here.leads:
        st.info("Only a lead may retrain, promote or roll back. You can read everything on this page.")
        return
    with st.container(horizontal=True, vertical_alignment="center", key="retraining"):
        if st.button(
            "Retrain now", key="retrain", icon=":material/model_training:", disabled=busy, type="primary"
        ):
            resources.ask_for("retrain", domain=here.domain.name, by=here.person)
            st.rerun()
        st.caption(
            "Trains a challenger from all outcomes and from what people called, and judges it. What recommends "
            "stays as it is."
        )


def promotion(here: Here, found: Held) -> None:
    """Promote or roll back with a reason, for leads."""
    others = [v.version for v in found.versions if v.version != found.live]
    if here.leads and others:
        if st.session_state.get("promote_version") not in others:
            st.session_state["promote_version"] = _next(found)
        with st.container(border=True):
            _promote(here, found, others)


def _unsettled(here: Here) -> bool:
    """Whether there are lesson tests that a promotion may stumble over."""
    return any(t.state in ("failed", "not tried yet") for t in lesson_tests.followed(here.store, here.domain))


def _promote(here: Here, found: Held, others: list[str]) -> None:
    st.markdown(
        words.own(
            "**Promote or roll back**  \nMakes a version the one that recommends. Waiting cases are scored anew."
        )
    )
    version = st.selectbox("Version", others, key="promote_version",
                           format_func=lambda n: f"{n}: {VERDICTS[found.named(n).verdict]}")  # fmt: skip
    back = version in found.ever_live
    why = st.text_input(
        "Why", key="promote_why", max_chars=500, placeholder="Stays beside the promotion for good"
    )
    lessons = found.named(version).evidence.get("why") == "lessons" and not back
    against = found.named(version).verdict not in FREE and not back and not lessons
    waive = ""
    if lessons or (not back and _unsettled(here)):
        waive = st.text_input(
            "Why failed lesson tests may be waived", key="promote_waive", max_chars=500,
            help="Only where it fails any. Their authors read it; it stays beside the promotion for good.",
        )  # fmt: skip
    anyway = against and st.checkbox(
        "Promote against the verdict. This stays on record.", key="promote_anyway"
    )
    kind = "secondary" if against or back or lessons else "primary"  # it invites only where the verdict does
    if not st.button(f"{'Roll back to' if back else 'Promote'} {version}", key="promote", type=kind):
        return
    if not why.strip():
        st.error("Say why: the reason stays beside the promotion for good.")
    elif against and not anyway:
        st.error(
            f"The verdict on {version} is “{VERDICTS[found.named(version).verdict]}”. Tick the box to promote it all the same."
        )
    elif lessons and not waive.strip():
        st.error("Say why its failed lesson tests may be waived; their authors are told.")
    else:
        promote(
            here.store, here.domain, version, by=here.person, why=why, at=here.now, anyway=anyway, waive=waive
        )
        resources.ask_for("recommend", domain=here.domain.name, by=here.person)
        st.rerun()
