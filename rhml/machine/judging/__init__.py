"""The gate: a challenger against the champion, lesson tests, and what people's calls were worth.

May import what `rhml.machine` may; like all of it, pure functions of frames.
"""
