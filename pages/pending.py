"""What waits for a decision, in a named order."""

from rhml.ui import bulk, notices, queue, shell, waiting_list

with shell.page("pending") as here:
    bulk.carry_out(here)
    notices.beside_the_queue(here)
    wanted = queue.filters(here.domain, here.person)
    waiting_list.draw(here, wanted)
