"""What the organization answers with: the screen as it was, the register of models, cards, packs for examiners.

May import: what loop may.
"""
