"""The Ask page: a question written, answered, drawn, taken along; the dictionary beside it.

May import: what ui may.
"""
