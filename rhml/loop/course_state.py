"""Where a person stands with courses, as the command line says it: nothing of a test that is not done."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.loop.course_plan import offer
from rhml.loop.course_record import Course, courses_of, verified
from rhml.loop.drill import permitted
from rhml.store.engine import Store


def state(store: Store, domain: DecisionDomain, person: str) -> dict[str, Any]:
    """The last course, every certificate with whether the log still vouches for it, and what could begin now."""
    permitted(store, person)
    held = courses_of(store, domain, person)
    return {
        "person": person,
        "course": _course(held[-1]) if held else None,
        "certificates": [
            {**course.certificate, "verified": verified(store.secret, domain, course)}
            for course in held
            if course.certificate
        ],
        "offer": asdict(offer(store, domain, person)),
    }


def _course(course: Course) -> dict[str, Any]:
    ended = course.drill.ended
    return {
        "course_id": course.drill.drill_id,
        "state": ended.kind if ended else "open",
        "phase": course.phase,
        "begun_at": course.drill.begun_at,
        "answered": len(course.drill.answers),
        "of": len(course.places),
        "size": course.size,
    }


def in_words(found: dict[str, Any]) -> str:
    """The same in a few lines."""
    course, able = found["course"], found["offer"]
    lines = []
    if course and course["state"] == "open":
        lines.append(
            f"A course is open: {course['answered']} of {course['of']} answered ({course['phase']})."
        )
    for held in found["certificates"]:
        vouched = "vouched for by the log" if held["verified"] else "NOT what the log holds"
        lines.append(f"{held['finished_at'][:10]}: {held['verdict']}. {held['line']} {held['sentence']}")
        lines.append(f"  certificate {held['verification']}, {vouched}")
    if not lines:
        lines.append("No course so far.")
    lines.append(able["why"] or f"Tests of up to {able['largest']} can begin now.")
    return "\n".join(lines)
