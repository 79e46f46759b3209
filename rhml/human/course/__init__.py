"""THE COURSE: what a trainee learns from past cases, and by how much, measured on equated cases before and after.

Two forms of matched pairs, practice between them, the gain with its interval. May import core, stats, human,
numpy, pandas and scikit-learn; never store, loop or machine. Seeds and moments are arguments.
"""
