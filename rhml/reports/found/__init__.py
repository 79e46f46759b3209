"""FOUND SEGMENTS: where one of the two beats the other, or both are weak, searched on earlier cases and asked of later ones.

May import core, stats, numpy, pandas and scipy, like the whole of `reports`.
"""
