"""From a fresh clone to the first solved round by the words of the README alone (Q6): how long each step takes.

    python -m benchmarks.service.first_start

Clones the project into a folder that is removed at the end, reads the command for a school out of the clone's README,
runs it, opens the link it prints, fills in the forms of the pages that follow as they stand there (first start, second
factor, a round on made-up people) and waits for the plan. Nothing is done that the README and the pages do not say;
the port alone is another one (`MATCHER_PORT`), so that a service of this machine is not disturbed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pyotp

from benchmarks.service.living import descendants

PROJECT = Path(__file__).parents[2]
TARGET = 300.0
"""Seconds it may take from the clone to the first plan."""
_PATIENCE = 1200.0
_LINK = re.compile(r"http://\S+/set-up/\S+")
_WORDS = {
    "scope": "organisation",
    "organisation": "Школа",
    "name": "Иванова Мария Петровна",
    "login": "maria@school.example",
    "password": "зимняя река семь ламп",
    "again": "зимняя река семь ламп",
}
"""What somebody writes into the form of the first start."""


def command_of_readme(readme: str) -> list[str]:
    """Return the command that the README gives a school for its first start.

    Raises
    ------
    ValueError
        Where it names none.
    """
    start = re.search(r"^## Start\n(.*?)(?=^## )", readme, re.MULTILINE | re.DOTALL)
    found = None if start is None else re.search(r"\*\*For a school: `([^`]+)`", start[1])
    if found is None:
        raise ValueError("the README does not say how a school starts the service")
    return found[1].split()


@dataclass
class Form:
    """A form of a page: where it goes, and what stands in it already."""

    action: str
    given: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Collects the forms of a page as a browser would send them, a choice with what is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._choice = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attributes}
        if tag == "form" and told.get("method", "").lower() == "post":
            self.found.append(Form(told.get("action", "")))
        elif not self.found or (tag == "input" and told.get("type") == "radio" and "checked" not in told):
            return
        elif tag == "input" and told.get("name"):
            self.found[-1].given[told["name"]] = told.get("value", "")
        elif tag == "select":
            self._choice = told.get("name", "")
        elif tag == "option" and ("selected" in told or self._choice not in self.found[-1].given):
            self.found[-1].given[self._choice] = told.get("value", "")


def forms_of(page: str) -> list[Form]:
    """Return the forms of a page that change something."""
    parser = _Forms()
    parser.feed(page)
    return parser.found


class Browser:
    """Goes from page to page like a person: by links it was shown, with the forms that stand there."""

    def __init__(self, link: str) -> None:
        origin = urljoin(link, "/").rstrip("/")
        self._client = httpx.Client(
            follow_redirects=True,
            timeout=60,
            headers={"Origin": origin, "Accept": "text/html", "Accept-Language": "ru"},
        )
        self.page = self._client.get(link)

    def send(self, action: str, words: Mapping[str, str] | None = None) -> None:
        """Fill in the form of the page that goes to an address beginning so, and send it."""
        forms = [one for one in forms_of(self.page.text) if one.action.startswith(action)]
        if not forms:
            raise RuntimeError(f"no form for {action} at {self.page.url}: {self.page.status_code}")
        given = {**forms[0].given, **(words or {})}
        self.page = self._client.post(urljoin(str(self.page.url), forms[0].action), data=given)
        self.page.raise_for_status()

    def open(self, address: str) -> httpx.Response:
        """Open a page by its address."""
        self.page = self._client.get(urljoin(str(self.page.url), address))
        self.page.raise_for_status()
        return self.page

    def ask(self, address: str) -> dict[str, str]:
        """Return what a program's address answers, without leaving the page."""
        answer = self._client.get(urljoin(str(self.page.url), address))
        answer.raise_for_status()
        found: dict[str, str] = answer.json()
        return found


class Server:
    """The command of the README while it runs: what it prints, when it was set up, and its end."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self._folder = folder
        foreign = ("MATCHER_", "VIRTUAL_ENV", "PYTHONPATH", "MAKE")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        environment |= {"MATCHER_PORT": str(_free_port()), "PYTHONUNBUFFERED": "1"}
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self._told: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._told.append(line)

    def wait_for_setting_up(self) -> None:
        """Wait until everything is installed."""
        self._wait(lambda: (self._folder / ".venv" / ".ready").exists())

    def wait_for_link(self) -> str:
        """Wait until a link was printed and answers; return it."""
        self._wait(lambda: self._link() is not None and self._answers())
        link = self._link()
        assert link is not None
        return link

    def _link(self) -> str | None:
        found = _LINK.search("".join(self._told))
        return None if found is None else found[0]

    def _answers(self) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(urljoin(self._link() or "", "/health/ready"), timeout=5).status_code == 200
        return False

    def _wait(self, is_so: Callable[[], bool]) -> None:
        last = time.monotonic() + _PATIENCE
        while not is_so():
            if self._process.poll() is not None or time.monotonic() > last:
                raise RuntimeError("the start has failed; its last words:\n" + "".join(self._told[-30:]))
            time.sleep(0.05)

    def end(self) -> None:
        """End everything that was started."""
        known = {self._process.pid, *descendants(self._process.pid)}
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(40)
        for pid in known:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass
class Steps:
    """How many seconds each step took."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step and tell of it."""
        began = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - began
        print(f"{name}: {self.seconds[name]:.1f} s", flush=True)

    @property
    def all_seconds(self) -> float:
        """Return how long it took in all."""
        return sum(self.seconds.values())


def start_first(project: Path, folder: Path, steps: Steps) -> dict[str, str]:
    """Go the whole way in a folder; return how the run of the first round ended."""
    clone = folder / "matcher"
    with steps.step("clone"):
        subprocess.run(["git", "clone", "--quiet", str(project), str(clone)], check=True)
    server = Server(command_of_readme((clone / "README.md").read_text(encoding="utf-8")), clone)
    try:
        with steps.step("installation"):
            server.wait_for_setting_up()
        with steps.step("start"):
            link = server.wait_for_link()
        with steps.step("set-up"):
            browser = Browser(link)
            set_up(browser)
        with steps.step("made-up round"):
            browser.open("/")
            browser.send("/made-up-round")
        with steps.step("first plan"):
            return wait_for_plan(browser)
    finally:
        server.end()


def set_up(browser: Browser) -> None:
    """Fill in the first start and set up the second factor, with a telephone that shows codes."""
    browser.send("/set-up/", _WORDS)
    browser.send("/second-factor")
    secret = re.search(r'<p class="code">([^<]+)</p>', browser.page.text)
    if secret is None:
        raise RuntimeError("the page of the second factor shows no secret")
    browser.send("/second-factor/confirm", {"code": pyotp.TOTP(secret[1].replace(" ", "")).now()})


def wait_for_plan(browser: Browser) -> dict[str, str]:
    """Wait on the page of the run until it is over; return how it ended."""
    run = f"/api/v1{browser.page.url.path}"
    last = time.monotonic() + _PATIENCE
    while time.monotonic() < last:
        found = browser.ask(run)
        if found["status"] not in ("queued", "running"):
            return found
        time.sleep(0.2)
    raise RuntimeError("the run does not end")


def main() -> int:
    """Go the way once and print how long it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--project", type=Path, default=PROJECT, help="what is cloned")
    asked = parser.parse_args()
    folder, steps = Path(tempfile.mkdtemp(prefix="matcher-first-")), Steps()
    try:
        run = start_first(asked.project, folder, steps)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"in all: {steps.all_seconds:.1f} s (target {TARGET:.0f}); the run {run['status']}, {run['outcome']}")
    return 1 if run["outcome"] != "planned" or steps.all_seconds > TARGET else 0


if __name__ == "__main__":
    sys.exit(main())
