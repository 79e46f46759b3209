"""Short messages as a factor: their words, what each weighs, and how a model reads them.

May import what `rhml.machine` may; like all of it, pure functions of frames.
"""
