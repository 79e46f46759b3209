"""Cards ready to leave the app: gathered from the log, printed by the press, in each form with the same numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.loop.records.model_card import about, model_card
from rhml.loop.records.process_card import process_card
from rhml.printed import html, markdown, pdf
from rhml.printed import model_card as model
from rhml.printed import process_card as process
from rhml.printed.blocks import Document
from rhml.printed.numbers import printed_in
from rhml.printed.own_words import printed_about
from rhml.printed.retold import retold
from rhml.store.engine import Store

__all__ = ["FORMS", "CardFile", "about", "of_model", "of_process"]

FORMS = ("html", "pdf", "md", "json")


@dataclass(frozen=True, eq=False)
class CardFile:
    """A card with its facts; each form is made when it is asked for."""

    facts: dict[str, Any]
    domain: DecisionDomain
    at: datetime
    draw: Callable[[dict[str, Any], DecisionDomain], Document]
    locale: str = "en"

    def form(self, name: str) -> bytes:
        """The file of one of FORMS."""
        if name == "json":
            return (json.dumps(self.facts, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()
        with printed_in(self.locale), printed_about(self.domain.terms):
            document = retold(self.draw(self.facts, self.domain), typed=True)
        if name == "md":
            return markdown.page(document).encode()
        if name == "html":
            return html.page(document).encode()
        footer = f"{document.title} · fact {self.facts['about']['fact']}"
        return pdf.page(document, at=self.at, footer=footer)

    def veiled(self, veil: Callable[[dict[str, Any]], dict[str, Any]]) -> CardFile:
        """The same card with other names for the people in it."""
        return replace(self, facts=veil(self.facts))


def of_model(
    store: Store, domain: DecisionDomain, version: str, *, at: datetime, locale: str = "en"
) -> CardFile:
    """The card of one version."""
    return CardFile(model_card(store, domain, version, at=at), domain, at, model.document, locale)


def of_process(store: Store, domain: DecisionDomain, *, at: datetime, locale: str = "en") -> CardFile:
    """The card of the decision process."""
    return CardFile(process_card(store, domain, at=at), domain, at, process.document, locale)
