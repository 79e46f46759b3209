"""The Proof page: an audience plants who learns in a simulated organization, and the report, which is not told, looks."""

from __future__ import annotations

import random
import threading
from typing import Any

import streamlit as st

from rhml.proof.examination import examined
from rhml.proof.plant import Plant, chosen
from rhml.ui import proof_told, words

WHO = {"nobody": "Nobody", "people": "People", "model": "The model", "both": "Both"}
CASES = {"the same": "Stay as they are", "harder": "Get harder", "easier": "Get easier"}
CALLS = (300, 1_000, 2_000)
LOOKS = 12
MOST_SEEDS = 10_000
RAN = "proof_ran"

one_at_a_time = threading.Lock()
"""A proof keeps a processor busy for some seconds: those who decide cases must not feel it several times over."""


def draw() -> None:
    """The form, and what came of the plant that was run last."""
    st.markdown(
        "Real logs never tell who truly learned. Here you decide it: a simulated organization works the way you plant, "
        f"its log grows, and the report is read {LOOKS} times without knowing what you planted."
    )
    plant, seed, pressed = _form()
    place = st.container()
    if pressed:
        _run(plant, seed, place)
    elif (ran := st.session_state.get(RAN)) is not None:
        with place:
            proof_told.told(chosen(**ran["plant"], looks=LOOKS), ran["line"])
    if RAN in st.session_state:
        proof_told.many()


def _form() -> tuple[dict[str, Any], int, bool]:
    """What is planted, the draw, and whether it is to be run."""
    with st.container(border=True, key="plant"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            who = st.segmented_control("Who learns", list(WHO), key="who", bind="query-params", default="people",
                                       required=True, format_func=WHO.get)  # fmt: skip
            cases = st.segmented_control("The cases", list(CASES), key="cases", bind="query-params",
                                         default="the same", required=True, format_func=CASES.get)  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="bottom"):
            points = st.number_input("Points people gain", 3, 15, 10, key="points", bind="query-params", width=170,
                                     disabled=who not in ("people", "both"), help="Of accuracy, unaided.")  # fmt: skip
            calls = st.segmented_control("Unaided calls in each half", CALLS, key="calls", bind="query-params",
                                         default=1_000, required=True, format_func=words.number)  # fmt: skip
            seed = st.number_input("Draw", 1, MOST_SEEDS, 1, key="draw", bind="query-params", width=130,
                                   help="Another number draws other cases and people with the same plant.")  # fmt: skip
        with st.container(horizontal=True):
            pressed = st.button("Plant it and look", type="primary", icon=":material/play_arrow:", key="run")
            st.button("Draw another", icon=":material/casino:", key="again", on_click=_draw_another)
    return {"who": who, "points": float(points), "cases": cases, "calls": calls}, int(seed), pressed


def _draw_another() -> None:
    st.session_state["draw"] = random.randint(1, MOST_SEEDS)


def _run(plant: dict[str, Any], seed: int, place: Any) -> None:
    """Examine one organization, drawing each reading as it is made; leaving the page gives it up."""
    if not one_at_a_time.acquire(blocking=False):
        place.info("Somebody else is running a proof on this server. Try again in half a minute.")
        return
    try:
        made: Plant = chosen(**plant, looks=LOOKS)
        with place:
            bar, live = st.progress(0.0, "Simulating the organization …"), st.empty()
            course: list[dict[str, Any]] = []

            def watch(look: dict[str, Any]) -> None:
                course.append(look)
                with live.container():
                    proof_told.cards(course, f"live{len(course)}")

            line = examined(made, seed, lambda share, said: bar.progress(min(share, 1.0), said), watch=watch)
            bar.empty()
            live.empty()
            st.session_state[RAN] = {"plant": plant, "line": line}
            proof_told.told(made, line)
    finally:
        one_at_a_time.release()
