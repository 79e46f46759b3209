"""HOW THE MACHINE LEARNS: frames in, values out.

May import core, stats, numpy, pandas, scipy, scikit-learn and xgboost. Never store, loop, human, reports
or Streamlit. No clock, no database: seeds are arguments, and models travel as bytes.
"""
