"""One case: facts, recommendation and reasons, the decision, the next case."""

import streamlit as st

from rhml.ui import queue, shell, sitting

with shell.page("decide") as here:
    wanted = queue.unpacked(here.domain, here.person, st.query_params.get("queue"))
    sitting.sit(here, wanted)
