"""HOW PEOPLE LEARN: frames in, values out.

May import core, stats, numpy, pandas, scipy and scikit-learn. Never store, loop, machine or Streamlit.
"""
