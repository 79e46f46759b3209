"""The reading room of the memory: a flat copy of what was decided, made for questions over millions of rows.

`source` names what to read, `making` makes copies, `shelf` keeps them. May import: core, the rest of store, duckdb.
"""
