"""A real app on a real log in a real browser; skipped with one line where there is no browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def browser_path() -> str | None:
    """An installed Chrome or Chromium."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items):
    """Without a browser these tests are skipped; where CI asks for them, that is a failure."""
    if browser_path():
        return
    if os.environ.get("CI") == "1":
        raise pytest.UsageError("CI=1 and no Chrome or Chromium: the browser tests must run. Install one.")
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.skip(reason="no Chrome or Chromium is installed"))


class Server:
    """The app as `streamlit run app.py` serves it, on a port of its own."""

    def __init__(self, environment: dict[str, str], log: Path, where: Path = ROOT):
        self.environment, self.log, self.where = environment, log, where
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.process = None

    def start(self) -> None:
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={self.port}",
                 "--server.headless=true"],
                cwd=self.where, env={**os.environ, **self.environment}, stdout=output, stderr=output,
            )  # fmt: skip
        wait_until(self._answers, seconds=60)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]


def wait_until(happened, *, seconds: float) -> None:
    """Poll until something is true; what never happens is a failure."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"{happened.__name__} did not happen within {seconds:.0f} s"
        time.sleep(0.1)


BUILD = """
import re
import sys
from datetime import datetime
from rhml.core.domain import parse_domain
from rhml.demo.organization import build
from rhml.loop.onboard import onboard
from rhml.store import organization
from rhml.store.opening import open_store
now = datetime(2026, 3, 2, 9)
store = open_store(sys.argv[1], now=now, secret="one")
build(store, at=now, progress=lambda share, message: None, size=0.4)
text = organization.domain(store, "purchase_requests").text
late = parse_domain("purchase_requests", re.sub("overdue_days *= 14", "overdue_days = 3650", text))
onboard(store, late, by="Lead", at=now)  # its cases grow older each day, and must go on asking for own calls
store.close()
"""


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """A log with a small demo organization, to be copied."""
    path = tmp_path_factory.mktemp("demo") / "demo.duckdb"
    subprocess.run([sys.executable, "-c", BUILD, f"duckdb:///{path}"], cwd=ROOT, check=True)
    return path


@pytest.fixture
def demo(built, tmp_path):
    """The app on a copy of the demo organization."""
    path = tmp_path / "copy.duckdb"
    shutil.copy(built, path)
    server = Server({"RHML_DB": f"duckdb:///{path}"}, tmp_path / "server.log")
    server.start()
    yield server
    server.stop()
    assert "Traceback" not in server.log.read_text(), server.log.read_text()


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB", timezone_id="UTC")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()
