"""Values as they leave the log for a file: plain, so that any writer takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """The same value of dicts, lists, texts, numbers and ISO times; what is not finite is None.

    >>> plain({"at": datetime(2026, 1, 2), "share": float("nan"), "n": (1, 2)})
    {'at': '2026-01-02T00:00:00', 'share': None, 'n': [1, 2]}
    """
    if isinstance(value, dict):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(held) for held in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and (value != value or abs(value) == float("inf")) else value
