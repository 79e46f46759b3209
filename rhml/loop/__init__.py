"""THE RECIPROCAL LOOP: gather, compute, record; one verb a file.

May import core, stats, store, machine, human and reports. Never Streamlit.
"""
