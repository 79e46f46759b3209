"""A domain file drafted from an unknown table: what its columns are, which one is the answer, what may have come after it.

May import: what intake may.
"""
