"""WHETHER PEOPLE STILL DECIDE FOR THEMSELVES: alarms over repeated looks, and whether they know when the model is right.

May import core, stats, numpy and pandas, like the whole of human. Never store, loop, machine or Streamlit.
"""
