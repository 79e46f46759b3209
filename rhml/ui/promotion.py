"""What a lead may do with models: retrain, promote with a reason, roll back; and the work under way."""

from __future__ import annotations

import streamlit as st

from rhml.loop.promote import FREE, promote
from rhml.store import jobs
from rhml.store.jobs import Job
from rhml.ui import resources, words
from rhml.ui.shell import Here
from rhml.ui.versions import VERDICTS, Held

KINDS = ("retrain", "recommend")
ENDED = {"refused": st.warning, "failed": st.error, "interrupted": st.warning, "done": st.success}


def work(here: Here) -> bool:
    """Retraining and scoring under way, with progress, or how the last one ended; True while one runs."""
    newest = [
        job for kind in KINDS for job in jobs.latest(here.store, kind=kind, domain=here.domain.name, limit=1)
    ]
    if any(job.state in jobs.OPEN for job in newest):
        _watch(here.domain.name)
        return True
    for job in newest:
        _ended(job)
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


def _ended(job: Job) -> None:
    """A refusal stays until the next try; what went well is said for the newest work only."""
    at = words.when(job.finished_at)
    ENDED.get(job.state, st.info)(f"{_named(job)}, {at}: {words.plain(job.message)}")


def _named(job: Job) -> str:
    return {"retrain": "Retraining", "recommend": "New recommendations"}[job.kind]


def acts(here: Here, found: Held, *, busy: bool) -> None:
    """The buttons, for leads; everybody else is told who may use them."""
    st.header("Retrain and promote", anchor=False)
    if not here.leads:
        st.info("Only a lead may retrain, promote or roll back. You can read everything on this page.")
        return
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        _retrain(here, busy=busy)
    with right.container(border=True, height="stretch"):
        _promote(here, found)


def _retrain(here: Here, *, busy: bool) -> None:
    st.markdown("**Retrain**  \nTrains a challenger from all outcomes and from what people called, judges it, and changes "
                "nothing else: what recommends stays as it is.")  # fmt: skip
    if busy:
        st.markdown("Under way; its progress is at the top of this page.")
    if st.button("Retrain now", key="retrain", icon=":material/model_training:", disabled=busy):
        resources.ask_for("retrain", domain=here.domain.name, by=here.person)
        st.rerun()


def _promote(here: Here, found: Held) -> None:
    others = [v.version for v in found.versions if v.version != found.live]
    if not others:
        st.markdown(
            "**Promote**  \n"
            + ("Train a version first." if not found.versions else "There is no other version to promote.")
        )
        return
    st.markdown(
        "**Promote or roll back**  \nMakes a version the one that recommends. Waiting cases are scored anew."
    )
    version = st.selectbox("Version", others, key="promote_version",
                           format_func=lambda n: f"{n}: {VERDICTS[found.named(n).verdict]}")  # fmt: skip
    back = version in found.ever_live
    why = st.text_input(
        "Why", key="promote_why", max_chars=500, placeholder="It is better on the bank, and nobody is harmed"
    )
    against = found.named(version).verdict not in FREE and not back
    anyway = against and st.checkbox(
        "Promote against the verdict. This stays on record.", key="promote_anyway"
    )
    if not st.button(f"{'Roll back to' if back else 'Promote'} {version}", key="promote", type="primary"):
        return
    if not why.strip():
        st.error("Say why: the reason stays beside the promotion for good.")
    elif against and not anyway:
        st.error(
            f"The verdict on {version} is “{VERDICTS[found.named(version).verdict]}”. Tick the box to promote it all the same."
        )
    else:
        promote(here.store, here.domain, version, by=here.person, why=why, at=here.now, anyway=anyway)
        resources.ask_for("recommend", domain=here.domain.name, by=here.person)
        st.rerun()
