"""How people, the model and the team are marked wherever they are drawn: a colour, a shape and a line each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """How one of the three is drawn everywhere."""

    name: str
    colour: str
    symbol: str
    dash: str
    shape: str

    @property
    def html(self) -> str:
        """The mark as a small shape for a page; text beside it carries the meaning."""
        size = "display:inline-block;width:.8em;height:.8em;margin-right:.5em"
        return f'<span aria-hidden="true" style="{size};background:{self.colour};{self.shape}"></span>'


WHO = {
    "human": Mark("People, unaided", "#2a6fb5", "circle", "solid", "border-radius:50%"),
    "model": Mark("Model", "#c8641b", "diamond", "dash", "transform:rotate(45deg) scale(.85)"),
    "team": Mark("Team", "#2c8a57", "square", "dot", ""),
}
SIDES = {"human": "People, first call", "model": "Model", "team": "Team"}
"""Where every first call counts, also those of people who had seen the factors' evidence."""
NEUTRAL = "#7a8594"
