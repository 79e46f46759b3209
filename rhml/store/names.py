"""Names as SQL writes them: a domain, a feature or a file may be called anything."""

from __future__ import annotations


def quoted(name: str) -> str:
    """A name as a SQL identifier, whatever it holds.

    >>> print(quoted('amount "net" of tax'))
    "amount ""net"" of tax"
    """
    return '"' + name.replace('"', '""') + '"'


def literal(words: str) -> str:
    """A text as a SQL string.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + words.replace("'", "''") + "'"


def split(table: str) -> tuple[str, str]:
    """Schema and table of a qualified name, without their quotes.

    >>> split('"loans".decisions'), split("rhml.people")
    (('loans', 'decisions'), ('rhml', 'people'))
    """
    schema, _, name = table.rpartition(".")
    return _bare(schema), _bare(name)


def _bare(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
