"""Bringing an organization's own table in: the file, the guided form, the check, and the first steps after it.

May import what `ui` may.
"""
