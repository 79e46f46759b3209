"""Fields and their domains as templates: what an organization may begin its own domain with."""

from __future__ import annotations

from pathlib import Path

from rhml.core.domain import DecisionDomain, read_domain
from rhml.demo.fields import FIELDS
from rhml.demo.world import demo_domain
from rhml.errors import RhmlError


class NoSuchTemplate(RhmlError):
    """A name that is neither a field, nor a domain of one, nor a domain file."""


def template(named: str) -> DecisionDomain:
    """The domain that a field, a domain of the demo or a domain file's path lends; a field lends its first.

    >>> template("logistics").name, template("supplier_credit").terms.case
    ('shipments', 'request')
    """
    for field in FIELDS:
        if named == field.key:
            return demo_domain(field.domains[0])
        if named in field.domains:
            return demo_domain(named)
    if named.endswith(".toml"):
        return read_domain(Path(named))
    known = [field.key for field in FIELDS] + [name for field in FIELDS for name in field.domains]
    raise NoSuchTemplate(
        f"{named!r} is no template. Choose one of: {', '.join(known)}; or name a .toml file."
    )
