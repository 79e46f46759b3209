"""THE SEALS: every unit of work seals the facts it wrote, and each seal holds the one before.

A fact that somebody changes, adds, removes or moves with another tool no longer agrees with its seal, and
`finding` names it. Belongs to the store: `sealing` is called by the engine alone, within the same commit.
May import what the store may; nothing of it imports the engine, which imports it.
"""
