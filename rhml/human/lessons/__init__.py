"""LESSONS: where one of the two is reliably right and the other reliably wrong, as rules people can read.

May import core, stats, numpy, pandas and scipy, like the whole of `human`. Never store, loop, machine or Streamlit.
"""
