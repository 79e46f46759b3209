"""Cybersecurity: threat analysts triage short messages and suspicious sites; the messages are simulated, the sites real.

May import what `rhml.demo` may; through `rhml.loop` like anyone else.
"""
