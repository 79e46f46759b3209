"""What marks and rationales ask to change: edits of the domain, each to be tried as a challenger.

May import what `rhml.machine` may; like all of it, pure functions of frames.
"""
