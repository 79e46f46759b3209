"""THE ARITHMETIC OF BOTH: a measure with its interval, for people and models alike.

Arrays in, measures out. May import core, numpy, pandas, scipy and scikit-learn; nothing else of the house.
An interval speaks for *these managers*: cases vary, the managers are the ones who are here.
"""
