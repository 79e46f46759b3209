"""What a manager does on the screen, in a few words each."""

from playwright.sync_api import Page, expect

PAGES = (
    "pending", "decide", "review", "my_learning", "practice", "improvement", "team", "overrides", "ask", "models", "proof",
    "organization",
)  # fmt: skip


def open_page(page: Page, url: str) -> None:
    """Open an address and wait until the page has been drawn."""
    page.goto(url)
    settled(page)


def settled(page: Page) -> None:
    """Wait until the server has nothing more to draw, and hold that no defect is on screen."""
    page.locator("h1").first.wait_for()
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState !== 'running'"
    )
    page.wait_for_timeout(250)
    expect(page.get_by_text("This is a defect of the product")).to_have_count(0)
    expect(page.locator("[data-testid=stException]")).to_have_count(0)


def case_on_screen(page: Page) -> str:
    """The id of the case on the desk: the last word of its heading."""
    return page.locator("[data-testid=stMain] h2").first.inner_text().split()[-1]


def buttons(page: Page, act: str):
    """The buttons that ask for an act, on whatever case."""
    return page.locator(f"[class*='st-key-{act}-'] button")


def press(page: Page, key: str) -> None:
    """Press a key on the page, not in a field."""
    page.locator("h1").first.click()
    page.keyboard.press(key)


def walk_to(page: Page, act: str, *, heading: str | None = None, at_most: int = 25) -> None:
    """Take the next case until one asks for this act, under this heading."""
    for _ in range(at_most):
        headed = heading is None or page.get_by_role("heading", name=heading).count()
        if headed and buttons(page, act).count():
            return
        before = case_on_screen(page)
        press(page, "n")
        page.wait_for_function(
            "before => !document.querySelector('[data-testid=stMain] h2')?.innerText.endsWith(before)",
            arg=before,
        )
        settled(page)
    raise AssertionError(f"no case on the desk asks to {act}")


def saved(page: Page):
    """The line that says a decision is saved."""
    return page.get_by_text("You can reverse it until then")
