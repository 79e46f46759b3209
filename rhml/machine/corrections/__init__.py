"""Between two trainings: segments where the model is demonstrably off, and what is put on top of it there.

May import what `rhml.machine` may; like all of it, pure functions of frames.
"""
