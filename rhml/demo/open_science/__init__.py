"""THE FIELD OF OPEN SCIENCE: which findings will replicate, told by experts, by a model, and later by the result.

May import what the rehearsal imports. Nothing here is a real finding; what is planted stands in `findings`.
"""
