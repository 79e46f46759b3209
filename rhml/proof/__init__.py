"""PROOF BY PLANTED TRUTH: simulated organizations whose truth is known, read through the product's own doors.

May import core, intake, loop and the store's opening; never what learns, measures or shows, so that it can judge it.
"""
