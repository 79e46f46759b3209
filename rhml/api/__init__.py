"""The door outside: what other systems may read over HTTP, with a key that a lead made.

It speaks JSON, changes nothing but the count of a key's uses, and is served in the app's own process.
May import: core, store (through which it is handed the log), loop, starlette.
"""
