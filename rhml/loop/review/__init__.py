"""A second person looks: signs, judges blind, settles what people or people and model disagree about.

May import: what loop may.
"""
