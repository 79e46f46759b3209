"""What comes after a first import: the model that trains itself, a person who lets it recommend, the first card."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.loop.promote import promote
from rhml.store import frames, jobs, organization, registry, waiting
from rhml.store.jobs import Job
from rhml.store.registry import Version
from rhml.ui import resources, watched, words
from rhml.ui.shell import Here, staying_in

CLOSED = "first_steps_closed"
LINGERS = timedelta(minutes=30)
"""How long the steps of a domain that runs are shown, so that its first card is found again."""

WHY = "The first model, looked at after the import"


def draw(here: Here) -> bool:
    """The steps of the domain that was brought last, until somebody closes them; True while they are shown."""
    job = _brought(here)
    if job is None or st.session_state.get(CLOSED) == job.job_id:
        return False
    domain = resources.domain(str(job.domain))
    st.session_state["chosen_domain"] = domain.name
    with st.container(border=True):
        st.markdown(f"**{words.plain(domain.title)}: from your table to the first card**")
        st.markdown(f":material/check_circle: {words.plain(job.message)}")
        if _model(here, domain):
            _card(here, domain)
        _notes(job)
        if st.button("Close", key="close_steps", icon=":material/close:", type="tertiary"):
            st.session_state[CLOSED] = job.job_id
            st.rerun()
    return True


def closed(here: Here) -> bool:
    """Whether somebody has closed the steps of the newest import, which need not be told once more."""
    job = _brought(here)
    return job is not None and st.session_state.get(CLOSED) == job.job_id


def _brought(here: Here) -> Job | None:
    """The newest import, where it brought a new domain."""
    found = jobs.latest(here.store, kind="onboard", limit=1)
    if not found or found[0].state != "done" or not found[0].arguments.get("train"):
        return None
    done = found[0]
    if done.finished_at is None or done.domain not in organization.domain_names(here.store):
        return None
    runs = registry.live_version(here.store, str(done.domain)) is not None
    return done if here.now - done.finished_at < (LINGERS if runs else watched.SHOWN_FOR) else None


def _model(here: Here, domain: DecisionDomain) -> bool:
    """The first model: being trained, refused, or there; True once it recommends."""
    if registry.live_version(here.store, domain.name):
        return True
    found = jobs.latest(here.store, kind="retrain", domain=domain.name, limit=1)
    if found and found[0].state in jobs.OPEN:
        watched.running("retrain", domain.name)
        return False
    versions = registry.versions(here.store, domain.name)
    if not versions:
        _no_model(here, domain, found[0] if found else None)
        return False
    version = versions[0]
    st.markdown(
        f":material/check_circle: A first model is trained. {words.plain(_in_words(version, domain))}"
    )
    if st.button("Let it recommend", key="first_promote", type="primary", icon=":material/thumb_up:"):
        promote(here.store, domain, version.version, by=here.person, why=WHY, at=here.now)
        resources.ask_for("recommend", domain=domain.name, by=here.person)
        st.rerun()
    st.caption("You can take this back at any time on Models. People still decide; it only recommends.")
    return False


def _no_model(here: Here, domain: DecisionDomain, tried: Job | None) -> None:
    """Why there is no model yet, and the way on without one."""
    if tried is not None and tried.state == "refused":
        st.warning(words.plain(tried.message))
    elif tried is not None:
        st.error(words.plain(tried.message))
    waits = waiting.count(here.store, domain, waiting.Queue(here.person), now=here.now)["cases"]
    st.markdown(
        f"{words.number(waits)} {words.plain(domain.terms.many)} wait. Decide on them without a recommendation, "
        "or add more outcomes; the model is trained from both."
    )
    _open(domain, "Decide the first one")


def _in_words(version: Version, domain: DecisionDomain) -> str:
    """How good it is, on cases it never learned from, and what that is worth."""
    own = version.evidence.get("own", {}).get("challenger", {}).get("accuracy", {})
    area = (version.card.get("out_of_fold") or {}).get("auc")
    right = "was right" if domain.outcome else "said what people decided"
    if own.get("value") is None:
        said = "There are too few cases it never learned from to say how good it is."
    else:
        said = (
            f"On {own['n']:,} {domain.terms.many} that it never learned from it {right} in {own['value']:.0%} "
            f"(between {own['low']:.0%} and {own['high']:.0%})."
        )
    if area is None or len(domain.actions) > 2:
        return said
    return f"{said} {_worth(area)}"


def _worth(area: float) -> str:
    if area < 0.6:
        return "It tells the two apart hardly better than chance: let it recommend only to learn from what people know."
    if area < 0.7:
        return "It tells the two apart a little better than chance, so people's own calls matter much."
    if area < 0.97:
        return "It tells the two apart clearly better than chance."
    return "That is very good, perhaps too good: look once more whether a column was filled in only after the end."


def _card(here: Here, domain: DecisionDomain) -> None:
    """The first card, once its recommendation stands."""
    st.markdown(":material/check_circle: The model recommends.")
    found = jobs.latest(here.store, kind="recommend", domain=domain.name, limit=1)
    if found and found[0].state in jobs.OPEN:
        watched.running("recommend", domain.name)
        return
    waits = waiting.count(here.store, domain, waiting.Queue(here.person), now=here.now)["cases"]
    if not waits:
        over = frames.totals(here.store, domain)["cases"]
        st.info(
            f"All {words.number(over)} {words.plain(domain.terms.many)} are over, so none waits. Add new ones under *Add data*."
        )
        return
    _open(domain, f"Decide the first of {words.number(waits)} {words.plain(domain.terms.many)}")


def _open(domain: DecisionDomain, label: str) -> None:
    if st.button(label, key="first_card", type="primary", icon=":material/arrow_forward:"):
        st.switch_page("pages/decide.py", query_params=staying_in(domain))


def _notes(job: Job) -> None:
    notes = (job.result or {}).get("notes", ())
    if notes:
        with st.expander("How the file was read"):
            for note in notes[:20]:
                st.caption(words.plain(note))
