"""What waits for a decision, in a named order."""

from rhml.ui import bulk, notices, queue, shell, waiting_list
from rhml.ui.intent import panel

with shell.page("pending") as here:
    bulk.carry_out(here)
    notices.beside_the_queue(here)
    stated, matters = panel.in_force(here)
    panel.draw(here, "pending", stated)
    wanted = queue.filters(here.domain, here.person, matters)
    waiting_list.draw(here, wanted)
