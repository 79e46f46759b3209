"""PROOF BY PLANTED TRUTH: simulated organizations whose truth is known, read through the product's own doors.

May import core, intake, loop, and of the store what opens a log and reads what a card or a list of lessons shows; never
what learns, measures or shows, so that it can judge it.
"""
