"""THE RECEPTION: an organization's files in, checked frames or a table of problems out.

May import core, errors, numpy, pandas, pyarrow and charset-normalizer. Never store, loop, machine or
Streamlit: what a file says is data to be doubted, and nothing here is kept.
"""
