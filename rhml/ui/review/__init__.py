"""The Review page: to sign, second opinions, conflicts; and what a case's own page says of them.

May import: what ui may.
"""
