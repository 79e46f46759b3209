"""Plant what is true of a made-up team, and watch whether the report finds it."""

from rhml.ui import proof, shell

with shell.page("proof"):
    proof.draw()
