"""What a course came to: on screen, and as one HTML page that needs nothing else and prints on one sheet."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.loop.course_record import AFTER, BEFORE, Course, verified
from rhml.printed.numbers import printed_in
from rhml.ui import measured, words
from rhml.ui.grid import grid
from rhml.ui.shell import Here

BLUE = "#2a6fb5"
ICONS = {"improved": ":material/trending_up:", "fell": ":material/trending_down:"}


def draw(here: Here, course: Course) -> None:
    """The result of the last course; a course that was ended early claims nothing."""
    held = course.certificate
    if held is None:
        st.info(
            "Your last course was ended before its second test was done, so it shows nothing. Its answers count nowhere."
        )
        return
    icon = ICONS.get(held["result"], ":material/horizontal_rule:")
    st.header(f"{icon} {words.plain(held['headline'])}", anchor=False)
    st.markdown(f"**{words.plain(held['line'])}** {words.plain(held['sentence'])}")
    st.html(picture(held))
    said = [words.plain(held[part]) for part in ("room", "sureness") if held[part]]
    if said:
        st.markdown("  \n".join(said))
    if verified(here.store.secret, here.domain, course) is False:
        st.error(
            "The facts in the log no longer agree with this certificate. Ask a lead to look at the audit trail."
        )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.download_button(
            "Certificate as HTML", partial(_made, held, words.locale()), f"course-{here.domain.name}.html",
            "text/html", key="certificate", on_click="ignore", icon=":material/download:",
        )  # fmt: skip
        measured.how(words.plain(held["method"]), key="certificate")
    with st.expander("Your answers in both tests"):
        _answers(here.domain, course)


def _answers(domain: DecisionDomain, course: Course) -> None:
    """Each case of the tests with the call and what proved right; shown once both are done."""
    rows = []
    for phase, name in ((BEFORE, "First"), (AFTER, "Second")):
        for answer in course.answered(phase):
            sure = f"{round(10 * answer.confidence)} in 10" if answer.confidence is not None else "not said"
            rows.append([name, answer.case_id, domain.label(answer.action), sure,
                         f"{'✓' if answer.right else '✗'} {domain.label(answer.right_action)}"])  # fmt: skip
    grid(
        ["Test", domain.terms.case.capitalize(), "Your call", "How sure", "Proved right"],
        rows,
        name="answers",
    )


def _made(held: dict[str, Any], locale: str) -> str:
    with printed_in(locale):
        return page(held)


STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1.5rem; }
main { border: 1px solid #8888; border-radius: .5rem; padding: 1.5rem 2rem; }
h1 { margin: 0; font-size: 1.7rem; } h1 + p { margin-top: .2rem; }
.line { font-size: 1.25rem; font-weight: 600; margin-bottom: .25rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; }
dt { opacity: .8; } dd { margin: 0; overflow-wrap: anywhere; }
.small { font-size: .85rem; }
@media (max-width: 34rem) { main { padding: 1rem; } dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }
@page { margin: 18mm; }
@media print { :root { color-scheme: light; } body { margin: 0; padding: 0; } }
"""


def page(held: dict[str, Any]) -> str:
    """The whole page of a certificate; every text of it is escaped."""
    title = f"{held['headline']}: {held['title']}"
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in _facts(held))
    also = "".join(f"<p>{escape(held[part])}</p>" for part in ("room", "sureness") if held[part])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><main>'
        f"<h1>{escape(held['headline'])}</h1><p>{escape(held['title'])}: a course on past cases</p>"
        f'<p class="line">{escape(held["line"])}</p><p>{escape(held["sentence"])}</p>'
        f'{picture(held)}{also}<dl>{facts}</dl><p class="small">{escape(held["method"])}</p>'
        "</main></body></html>"
    )


def _facts(held: dict[str, Any]) -> list[tuple[str, str]]:
    begun, finished = (datetime.fromisoformat(held[at]) for at in ("begun_at", "finished_at"))
    dropped = held["planned"] - held["n"]
    return [
        ("Person", held["person"]),
        ("Domain", held["title"]),
        ("Taken", " to ".join(dict.fromkeys((words.day(begun), words.day(finished))))),
        (
            "Tests",
            f"{held['n']} pairs" + (f"; {dropped} left out, no longer to be judged" if dropped else ""),
        ),
        ("Practice", f"{held['practised']} cases, with feedback"),
        ("Right before", _of(held["right_before"], held["n"], held["before"])),
        ("Right after", _of(held["right_after"], held["n"], held["after"])),
        ("Change", _change(held)),
        ("Verdict", held["verdict"].replace(" more)", " more pairs)")),
        ("Verification", held["verification"]),
    ]


def _of(right: int, n: int, found: dict[str, Any]) -> str:
    if found["low"] is None:
        return f"{right} of {n}"
    return f"{right} of {n} ({words.percent(found['low'])} to {words.percent(found['high'])})"


def _change(held: dict[str, Any]) -> str:
    if held["value"] is None:
        return held["why"]
    value, low, high = (words.points(held[part]) for part in ("value", "low", "high"))
    return f"{value} points ({low} to {high}, 95 %)"


def picture(held: dict[str, Any]) -> str:
    """The change and its interval on a line with zero, as HTML; nothing where nothing can be said.

    The band around zero is what would not matter in the domain.
    """
    if held["value"] is None:
        return ""
    value, low, high = (held[part] for part in ("value", "low", "high"))
    reach = max(abs(low), abs(high), 0.2)
    small = min(held["smallest_change"], reach)

    def left(share: float) -> str:
        return f"{50 + 45 * share / reach:.1f}%"

    labels = "".join(
        f'<span style="position:absolute;left:{left(share)};top:44px;transform:translateX(-50%);font-size:.85rem">'
        f"{escape(words.points(share)) if share else 0}</span>"
        for share in (low, 0.0, high)
        if share == 0 or abs(share) > 0.15 * reach
    )
    bar = "position:absolute;transform:translate(-50%,-50%)"
    return (
        f'<div role="img" aria-label="Change of the share right: {escape(_change(held))}" '
        'style="position:relative;height:68px;max-width:38rem">'
        f'<div style="position:absolute;left:{left(-small)};width:{90 * small / reach:.1f}%;top:4px;height:36px;'
        'background:currentColor;opacity:.14"></div>'
        f'<div style="position:absolute;left:{left(0)};top:0;height:44px;border-left:1px dashed"></div>'
        f'<div style="position:absolute;left:{left(low)};width:{45 * (high - low) / reach:.1f}%;top:20px;height:4px;'
        f'background:{BLUE}"></div>'
        f'<div style="{bar};left:{left(value)};top:22px;width:16px;height:16px;border-radius:50%;background:{BLUE}">'
        f"</div>{labels}</div>"
    )
