"""THE FRONT OF HOUSE: frame, widgets, charts and words; with pages/ the only place that knows Streamlit.

May import core, stats, store (through `resources`), intake, reports, loop, demo (to start it), proof (to
show one), printed, Streamlit, plotly and pandas. Never duckdb, xgboost or machine.
"""
