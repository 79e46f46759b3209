"""Walks through every page and view, and says what an imported or typed text has become on it."""

from __future__ import annotations

from urllib.parse import quote_plus, urlsplit

from playwright.sync_api import BrowserContext, Page

from tests.browser.desk import settled
from tests.browser.poison import TOKENS

VIEWS = {
    "pending": [""],
    "decide": [""],
    "my_learning": ["view=" + v for v in ("Since your last visit", "Skill", "Calibration", "Lessons", "Reliance")],
    "practice": ["view=Drills", "view=Course"],
    "improvement": ["view=" + v for v in ("Answer", "Who taught whom", "Growth", "Versions", "Segments", "Together", "Forecasts",
                                          "Equal treatment", "Methods")],
    "team": ["view=" + v for v in ("Skill", "Lessons", "Modes", "Alarms", "People")],
    "overrides": ["view=" + v for v in ("Overview", "Pivot", "Compare", "What they wrote", "Agreement", "Limits",
                                        "Time")],
    "ask": [""],
    "models": ["view=" + v for v in ("Versions", "What people taught", "Explanation", "Trust", "Corrections",
                                     "Proposals")],
    "review": ["view=" + v for v in ("To sign", "Second opinions", "Conflicts")],
    "proof": [""],
    "organization": ["section=" + v for v in ("Data", "People", "Audit trail", "Backup", "Other systems", "Chain",
                                              "Records", "Erasure")],
}  # fmt: skip

FOUND = r"""tokens => {
  const said = [];
  const short = e => e.outerHTML.slice(0, 160);
  const ours = e => e.closest('[data-testid=stCustomComponentV1]');
  for (const e of document.querySelectorAll('body *')) {
    if (tokens.includes(e.textContent.trim()) && !e.closest('[data-testid=stCode]')) said.push('markup: ' + short(e));
    for (const name of ['src', 'href', 'xlink:href', 'action', 'formaction', 'data'])
      if (/evil|^\s*javascript:/i.test(e.getAttribute(name) || '')) said.push('link: ' + short(e));
    if (['IFRAME', 'OBJECT', 'EMBED'].includes(e.tagName) && !ours(e)) said.push('frame: ' + short(e));
    if (e.tagName === 'IMG' && e.getAttribute('src') === 'x') said.push('image: ' + short(e));
    if (e.tagName === 'SCRIPT' && /alert/.test(e.textContent)) said.push('script: ' + short(e));
    if (e.textContent.trim() === 'skull') said.push('icon: ' + short(e));
    for (const a of e.attributes) if (a.name.startsWith('on')) said.push('handler: ' + short(e));
  }
  for (const e of document.querySelectorAll('.katex')) said.push('tex: ' + e.textContent.slice(0, 100));
  const text = document.body.innerText;
  for (const wrong of ['&lt;', '&gt;', '&amp;', '\\*', '\\<', '\\[', '\\(', '\\`', '\\$', '\\:', '\\_'])
    if (text.includes(wrong)) {
      const at = text.indexOf(wrong);
      said.push('escaped twice ' + wrong + ': ' + text.slice(Math.max(0, at - 80), at + 60));
    }
  return [...new Set(said)];
}"""


class Watched:
    """A page in a browser that notes dialogs, and requests to anywhere but the server."""

    def __init__(self, context: BrowserContext, url: str):
        self.url, self.noted, self.page = url, [], context.new_page()
        self.page.on("dialog", self._dialog)
        self.page.on("request", self._request)

    def _dialog(self, dialog) -> None:
        self.noted.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request) -> None:
        there = urlsplit(request.url)
        if there.scheme not in ("data", "blob", "about") and there.netloc != urlsplit(self.url).netloc:
            self.noted.append(f"request: {request.url[:100]}")

    def look(self, path: str) -> list[str]:
        """Open an address of the app; everything wrong that is seen there."""
        self.noted.clear()
        self.page.goto(f"{self.url}/{path}")
        settled(self.page)
        return [*self.noted, *self.seen()]

    def seen(self) -> list[str]:
        """What texts have become on the screen as it stands."""
        return self.page.evaluate(FOUND, list(TOKENS))


def become(page: Page, number: int) -> None:
    """Choose the n-th person under 'You are'."""
    page.get_by_label("You are").click()
    page.get_by_role("option").nth(number).click()
    settled(page)


def addresses() -> list[str]:
    """Every page with every view."""
    return [
        f"{page}?{query and _encoded(query)}".rstrip("?") for page, each in VIEWS.items() for query in each
    ]


def _encoded(query: str) -> str:
    name, _, value = query.partition("=")
    return f"{name}={quote_plus(value)}"
