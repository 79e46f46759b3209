"""*What they wrote*: rationales looked through by the meaning of words, and the words that recur by what came of them."""

from __future__ import annotations

from math import ceil
from typing import Any

import streamlit as st

from rhml.loop.wrote import Found, Hit
from rhml.reports.terms import FALSE_ALARMS, Term, Terms
from rhml.store import rationales
from rhml.store.explorer import Filters
from rhml.ui import computed_readings, grid, measured, shell, veiled, words
from rhml.ui.overrides import explorer
from rhml.ui.shell import Here

PAGE, MOST_FREQUENT = 10, 8
SEARCH, NEWEST = "look_for_term", "sheet_newest"


def draw(here: Here, looked_at: Filters) -> None:
    """What was written under the filters: found by the words typed above or like one rationale, else the newest."""
    readable = explorer.own(here, looked_at)
    if readable.author:
        st.caption("You see what you wrote yourself.")
    like = str(st.query_params.get("like", "")) if not readable.words else ""
    if readable.words or like:
        _finds(here, readable, like)
        return
    _recurring(here, readable)
    _newest(here, readable)


def _finds(here: Here, looked_at: Filters, like: str) -> None:
    found = computed_readings.found(here.domain.name, looked_at, like)
    if like:
        _like_what(found)
    if not found.hits:
        st.info("Nothing like it was written under these filters." if like else _nothing(looked_at))
        return
    many = "rationale" if found.texts == 1 else "different rationales"
    st.markdown(
        f"**{words.number(found.texts)} {many}**, of {_overrides(found.overrides)}, the closest first."
    )
    _looked_for(found)
    pages = ceil(len(found.hits) / PAGE)
    page = st.pagination(pages, key=f"sheet_{looked_at.words}_{like}") if pages > 1 else 1
    shown = found.hits[PAGE * (page - 1) : PAGE * page]
    veiled.looked(here, (hit.manager for hit in shown), "rationales found", looked_at.words)
    for hit in shown:
        _hit(here, hit)
    if found.texts > len(found.hits):
        st.caption(
            f"The {words.number(len(found.hits))} closest are listed. Narrow the filters to see others."
        )
    _how_found()


def _nothing(looked_at: Filters) -> str:
    return f"No rationale under these filters speaks of “{words.plain(looked_at.words)}”. Try another word, or clear the filters."


def _like_what(found: Found) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        said = words.plain(found.like[:300]) or "a rationale that is not among those you may read"
        st.markdown(f"Like: “{said}”", width="stretch")
        st.button("Back to all", key="unlike", icon=":material/arrow_back:", on_click=_like, args=("",))


def _looked_for(found: Found) -> None:
    """Which words stand for the typed ones: what is not asked for must not come as a surprise."""
    said = []
    for one in found.looked_for:
        more = [f"written alike: {', '.join(map(words.plain, one.alike))}"] if one.alike else []
        more += [f"used alike here: {', '.join(map(words.plain, one.used_alike))}"] if one.used_alike else []
        said.append(f"**{words.plain(one.word)}**" + (f" ({'; '.join(more)})" if more else ""))
    st.caption("Looked for " + " · ".join(said))


def _hit(here: Here, hit: Hit) -> None:
    same = ""
    if hit.overrides > 1:
        came = f"{words.number(hit.rescued)} rescued, {words.number(hit.spoiled)} spoiled"
        same = f"  \nExactly this in {_overrides(hit.overrides)}: {came}."
    _row(here, vars(hit), f"{hit.rank}\\. “{marked(hit.rationale, hit.places)}”", same)


def _row(here: Here, row: dict[str, Any], said: str, same: str = "") -> None:
    """One rationale, what was decided, what came of it, the way to its case and to others like it."""
    domain, plain = here.domain, words.plain
    facts = (f"**{plain(domain.label(row['final_action']))}** instead of **{plain(domain.label(row['recommended_action']))}**",
             row["status"], plain(row["reason"] or "no reason stated"), plain(row["manager"]), words.day(row["decided_at"]))  # fmt: skip
    with st.container(border=True):
        link, text, like = st.columns([2, 8, 1.4], vertical_alignment="center")
        link.page_link("pages/decide.py", label=f"{plain(domain.terms.case)} {plain(row['case_id'])}",
                       icon=":material/open_in_full:", query_params={"case": row["case_id"], **shell.staying_in(domain)})  # fmt: skip
        text.markdown(f"{said}  \n{' · '.join(facts)}{same}")
        like.button("Similar", key=f"like_{row['decision_id']}", type="tertiary", icon=":material/join_inner:",
                    help="Rationales like this one", on_click=_like, args=(row["decision_id"],))  # fmt: skip


def marked(text: str, places: tuple[tuple[int, int], ...]) -> str:
    """A text with the places marked, everything typed in it defused.

    >>> marked("a <b> now", ((6, 9),))
    'a \\\\<b\\\\> :orange-background[now]'
    """
    parts, at = [], 0
    for start, end in places:
        parts += [words.plain(text[at:start]), f":orange-background[{words.plain(text[start:end])}]"]
        at = end
    return "".join([*parts, words.plain(text[at:])])


def _like(decision_id: str) -> None:
    st.session_state["words"] = ""
    if decision_id:
        st.query_params["like"] = decision_id
    else:
        st.query_params.pop("like", None)


def _newest(here: Here, looked_at: Filters) -> None:
    page = int(st.session_state.get(NEWEST, 1) or 1)
    rows, total = rationales.latest(here.store, here.domain, looked_at, page, PAGE)
    if not rows and page > 1:  # other filters leave fewer pages
        rows, total = rationales.latest(here.store, here.domain, looked_at, 1, PAGE)
    if not rows:
        st.info("Nothing was written under these filters." if looked_at != Filters() else
                "Here you will find what people wrote when they decided differently. Nothing is written yet.")  # fmt: skip
        return
    st.header("The newest", anchor=False)
    if total > PAGE:
        st.pagination(ceil(total / PAGE), key=NEWEST)
    veiled.looked(here, (row["manager"] for row in rows), "rationales")
    for row in rows:
        _row(here, row, f"“{words.plain(row['rationale'])}”")


def _recurring(here: Here, looked_at: Filters) -> None:
    found = computed_readings.recurring(here.domain.name, looked_at)
    if not (found.frequent or found.right or found.wrong):
        return
    st.header("Recurring words", anchor=False)
    st.markdown(_said(found))
    shown = (*found.right, *found.wrong, *found.frequent[:MOST_FREQUENT])
    terms = list({term.term: term for term in shown}.values())
    head = ["Words", "Overrides", "Rescued", "Spoiled", "Right", "Beside the same people's others"]
    grid.wide(head, [_cells(term) for term in terms], name="terms", alt="Recurring words")
    st.pills(
        "Look for one of them",
        [term.term for term in terms],
        key=SEARCH,
        on_change=_search,
        format_func=words.plain,
    )
    _how_counted(found)


def _said(found: Terms) -> str:
    over = f"In {_overrides(found.overrides)} with a rationale, {words.number(found.judged)} of which can be judged:"
    if not found.tested:
        return f"{over} too few of them share a word to say which words go with being right."
    if not (found.right or found.wrong):
        return f"{over} no word goes with being right more or less often than the same people's other overrides do."
    how = "more or less" if found.right and found.wrong else "more" if found.right else "less"
    return (
        f"{over} held against the same people's other overrides, these words go with being right {how} often."
    )


def _cells(term: Term) -> list[str]:
    counts = (words.number(n) for n in (term.overrides, term.rescued, term.spoiled))
    return [term.term, *counts, measured.share(term.right), term.words]


def _search() -> None:
    term = st.session_state[SEARCH] or ""
    st.session_state["words"] = f'"{term}"' if " " in term else term
    st.session_state[SEARCH] = None
    st.query_params.pop("like", None)


def _overrides(count: int) -> str:
    return f"{words.number(count)} override{'' if count == 1 else 's'}"


def _how_found() -> None:
    measured.how(
        "A rationale is found when it holds one of your words, a word written alike (another form, a slip of the keys), or one "
        "used alike in this log: it stands among the same other words. In \"quotation marks\" words are looked for as they stand. "
        "Identical rationales are one line.\n\n"
        "Ranked by the cosine of TF-IDF weights (scikit-learn): rare words weigh more, a word written alike counts up to 0.8 and a "
        "word used alike up to 0.5 of your own. Written alike: shared character n-grams, then beginnings or similarity of letters. "
        "Used alike: pointwise mutual information of words that stand together more often than chance has it, truncated SVD, cosine at least 0.75. "
        f"Words are learned from the newest {words.number(rationales.MOST_READ)} different rationales you may read; looked through are "
        f"all of them, and of those found the newest {words.number(rationales.MOST_WEIGHED)} different ones are ranked.",
        key="finds",
    )  # fmt: skip


def _how_counted(found: Terms) -> None:
    measured.how(
        "*Right*: the share of overrides with the word that proved right, of those that can be judged, with its 95 % interval; "
        "below 20 no number is given.\n\n"
        f"Words and pairs of words are held against the same person's other overrides (Cochran–Mantel–Haenszel test, {words.number(found.tested)} "
        f"tested), so that nobody's favourite phrase passes for a good reason. Of what is listed as right more or less often, at most "
        f"{words.percent(FALSE_ALARMS)} is expected to be chance (Benjamini–Hochberg). That a word goes with being right does not say "
        f"that it is why. Counted are the newest {words.number(rationales.MOST_COUNTED)} overrides under the filters; words in more than a "
        "quarter of all different rationales are left out.",
        key="terms",
    )  # fmt: skip
