"""Every fact as a line of the audit trail: who did what and when, from what to what; one file a kind of fact.

May import: core, the rest of store.
"""
