"""THE FINDINGS: frames of decisions in, frozen results out; what people, model and team each achieved.

May import core, stats, numpy, pandas and scipy. Never store, machine, human, Streamlit or Plotly.
"""
