"""A service that runs and a real Chromium that looks at it: nothing foreign is asked for, nothing wrong goes unseen."""

from __future__ import annotations

import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from service.access.passwords import hash_password
from service.app import build_app
from service.core import Core, open_core
from service.jobs.library import prepare_tables
from service.jobs.none import RememberedJobs
from service.jobs.queue import QueuedJobs
from service.jobs.worker import Worker
from service.migrate import upgrade
from service.serving import open_socket
from service.settings import Settings
from service.tables.access import Account, Grant, Role
from service.tables.areas import Area, AreaKind

SIZES = {"wide": (1366, 768), "narrow": (360, 800)}
PASSWORD = "four quiet rivers run"
PICTURES = Path(os.environ.get("MATCHER_SCREENSHOTS", "build/screenshots"))
"""Where screenshots are kept as output of the build."""
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)


@dataclass(frozen=True)
class Site:
    """A running service as one test sees it: a school of its own, whose curator signs in with a password alone."""

    core: Core
    address: str
    area_id: str
    login: str


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the system."""
    if _CHROMIUM is None:
        pytest.fail("the tests of the page want Chromium; on Debian install it with: make system")
    with sync_playwright() as started:
        found = started.chromium.launch(executable_path=_CHROMIUM, args=list(_ARGUMENTS))
        yield found
        found.close()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Core, str]]:
    """A service in this process over a new SQLite file, with a worker beside it; its core and address."""
    folder = tmp_path_factory.mktemp("service")
    settings = Settings(folder=folder, second_factor=False, solve_seconds=5.0, language="ru")
    upgrade(settings.database_url)
    prepare_tables(settings.database_url)
    core = open_core(settings, RememberedJobs())
    jobs = QueuedJobs(core.database)
    core = replace(core, jobs=jobs)
    listening = open_socket("127.0.0.1", 0)
    config = uvicorn.Config(build_app(core), log_config=None, access_log=False, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    worker = Worker(core, care_seconds=0.3)
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="service", daemon=True)
    serving.start()
    _elsewhere(worker.start)  # a browser that is driven has an event loop in this thread, which the queue will not have
    while not server.started:
        time.sleep(0.02)
    yield core, f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = server.force_exit = True
    serving.join(10)
    _elsewhere(lambda: worker.end(0.0))
    jobs.close()
    core.database.close()


def _elsewhere(work: Callable[[], None]) -> None:
    """Do some work in a thread of its own and wait for it."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


@pytest.fixture
def site(service: tuple[Core, str]) -> Site:
    """A school of this test alone, and its curator."""
    core, address = service
    login = f"{uuid.uuid4().hex[:12]}@school.example"
    with core.database.writing() as session:
        area = Area(
            kind=AreaKind.ORGANISATION, code="23", name="Школа № 23", path="", organisation_type="general_school"
        )
        area.path = f"/{area.id}/"
        session.add(area)
        account = Account(login=login, name="Анна Куратор", password_hash=_password())
        session.add(account)
        session.flush()
        for role in (Role.CURATOR, Role.ADMINISTRATOR):
            session.add(Grant(account_id=account.id, role=role, area_id=area.id))
    return Site(core=core, address=address, area_id=area.id, login=login)


@cache
def _password() -> str:
    return hash_password(PASSWORD)


@dataclass
class Seat:
    """A browser window of some size and language; it remembers what went wrong and what was asked of others."""

    page: Page
    site: Site
    size: str
    lang: str
    wrong: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page of the service."""
        self.page.goto(self.site.address + path)

    def sign_in(self) -> None:
        """Come in as the curator."""
        self.go("/sign-in")
        self.page.fill("#login", self.site.login)
        self.page.fill("#password", PASSWORD)
        self.page.click("main button")
        self.page.wait_for_url("**/rounds")

    def picture(self, name: str) -> None:
        """Keep a screenshot."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}-{self.lang}-{self.size}.png", full_page=True)

    def check(self, name: str) -> None:
        """Check the page that is shown: nothing serious for axe, nothing sideways, nothing wrong so far."""
        self.picture(name)
        found = [
            f"{one['id']}: {one['help']} — {one['nodes'][0]['html'][:160]}"
            for one in Axe().run(self.page).response["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert found == [], f"{name}: {found}"
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= SIZES[self.size][0], f"{name} is {width} wide"
        assert self.wrong == []


Open = Callable[..., Seat]


@pytest.fixture
def seat(browser: Browser, site: Site) -> Iterator[Open]:
    """Open windows on the service; whatever they asked of others or complained of fails the test at its end."""
    opened: list[tuple[BrowserContext, Seat]] = []

    def open_seat(size: str = "wide", lang: str = "ru", *, scripts: bool = True) -> Seat:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="ru-RU" if lang == "ru" else "en-GB",
            java_script_enabled=scripts,
            accept_downloads=True,
        )
        made = Seat(page=context.new_page(), site=site, size=size, lang=lang)
        made.page.set_default_timeout(60_000)
        made.page.on("console", lambda said: made.wrong.append(said.text) if said.type == "error" else None)
        made.page.on("pageerror", lambda error: made.wrong.append(str(error)))
        made.page.on("request", lambda asked: _note_foreign(made, asked.url))
        opened.append((context, made))
        return made

    yield open_seat
    wrong = [words for context, made in opened for words in made.wrong]
    for context, _ in opened:
        context.close()
    assert wrong == []


def _note_foreign(seat: Seat, address: str) -> None:
    if not address.startswith((seat.site.address, "data:", "blob:")):
        seat.wrong.append(f"a foreign request: {address}")
