"""My learning: a manager's calls against outcomes and against the model's; nobody else's numbers."""

from rhml.ui import learning, lesson_tests, resources, shell

with shell.page("my_learning") as here:
    own = resources.own_decisions(here.domain.name, here.person)
    if own.empty:
        learning.nothing_yet(here)
    else:
        learning.since_last_visit(here, own)
        lesson_tests.mine(here)
        learning.against_the_model(here, own)
        learning.honesty(here, own)
        learning.segments(here, own)
