"""RULES: segments that a person can keep in mind, searched among all that a few conditions can say.

Lessons and reports both look for them. May import core, numpy, pandas and scipy, like the whole of `stats`.
"""
