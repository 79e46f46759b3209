"""How a version is made: labels from outcomes and calls, fits, twins, and the card that says what it learned from.

May import what `rhml.machine` may; like all of it, pure functions of frames.
"""
