"""Which letters a file's bytes stand for."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from rhml.intake.findings import refusal

LEGACY = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp932", "gb18030", "big5", "cp949"]
"""Encodings that office programs still write; a guess outside them is more often wrong than right."""

SAMPLE = 65_536
"""Bytes of a file that a guess looks at."""


def decode(name: str, content: bytes) -> tuple[str, list[str]]:
    """The file's text, and a note where its encoding had to be guessed."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\x00" in content[:SAMPLE]:
        encoding = _wide(content[:SAMPLE])
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding), ["Read as UTF-16."] if "16" in encoding else []
    except UnicodeDecodeError as error:
        guess = None if "16" in encoding else _guess(content)
        if guess is None:
            line = content[: error.start].count(b"\n") + 1
            raise refusal(
                name, f"Line {line} holds bytes that are no text in UTF-8 or another known encoding.",
                "Save the table as 'CSV UTF-8'.", row=line, value=repr(content[error.start : error.start + 8]),
            ) from error  # fmt: skip
    note = f"The file is not UTF-8 and was read as {guess}: look whether accented letters are right."
    return content.decode(guess), [note]


def _wide(head: bytes) -> str:
    zeros = [head[0::2].count(0), head[1::2].count(0)]
    if max(zeros) < len(head) // 5:
        return "utf-8-sig"
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _guess(content: bytes) -> str | None:
    odd = [line for line in content.splitlines() if not line.isascii()]
    matches = list(from_bytes(b"\n".join(odd)[:SAMPLE], cp_isolation=LEGACY))
    if not matches:
        return None
    best = matches[0]
    # On short texts several code pages explain the bytes equally well; western office files are the rule.
    ties = [m for m in matches if m.chaos <= best.chaos + 0.05 and m.coherence >= best.coherence - 0.1]
    names = ["cp1252"] if any("cp1252" in m.could_be_from_charset for m in ties) else []
    for encoding in (*names, *(m.encoding for m in matches)):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None
