"""SKILL: what people can do without the model, how it changes, by whom, where, and with how much practice.

Takes calls ready to be compared (`stats.compared`). May import core, stats, numpy, pandas and scipy, like the whole
of `human`. Never store, loop, machine, reports or Streamlit.
"""
