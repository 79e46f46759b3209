"""ERASING: what is redacted when a person or a case is erased, so that counts stay and the chain still verifies.

A redacted fact keeps the digest it was sealed with in an `erased` fact of its own, and loses the salt without which
that digest tells nothing. Part of the store; may import what the store may.
"""
