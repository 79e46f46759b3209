"""The commands of `python -m rhml`: one verb each, JSON on stdout, progress on stderr.

May import core, intake, store, loop, demo, proof and typer; never Streamlit, and nothing that learns or measures.
"""
