"""Why a version says what it says: points, peers, what would change it, and what moves it as a whole.

May import what `rhml.machine` may; like all of it, pure functions of frames.
"""
