"""What a second person said: signatures, blind opinions, conflicts and how they were settled.

May import: core, the rest of store.
"""
