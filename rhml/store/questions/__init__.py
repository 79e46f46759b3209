"""The locked box: an analyst's text read, then answered by a process that holds only what the asker may see.

May import: core, the rest of store, duckdb, pyarrow.
"""
