"""One case: facts, recommendation and reasons, the decision, the next case; or the screen of a past decision."""

import streamlit as st

from rhml.ui import queue, shell, sitting
from rhml.ui.intent import panel
from rhml.ui.records import shown

with shell.page("decide") as here:
    if past := st.query_params.get(shown.PARAMETER):
        shown.draw(here, past)
    else:
        stated, matters = panel.in_force(here)
        panel.draw(here, "decide", stated)
        wanted = queue.unpacked(here.domain, here.person, st.query_params.get("queue"), matters)
        sitting.sit(here, wanted)
