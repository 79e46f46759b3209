"""THE MEMORY: an append-only log of facts, and named reads of it.

May import core, duckdb, pandas and pyarrow. Never machine, human, reports or Streamlit.
"""
