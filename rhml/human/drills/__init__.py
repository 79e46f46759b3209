"""PRACTICE ON PAST CASES: what a drill asks, when something comes back, what the outcome says against a call.

May import core, stats, numpy, pandas and fsrs. Never store, loop, machine or Streamlit.
"""
