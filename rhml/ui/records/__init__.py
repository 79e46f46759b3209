"""The screen as it was, the register, cards and packs, on the page.

May import: what ui may.
"""
