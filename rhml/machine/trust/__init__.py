"""When not to trust the model, whether it still holds, and where people help most.

May import what `rhml.machine` may; like all of it, pure functions of frames.
"""
