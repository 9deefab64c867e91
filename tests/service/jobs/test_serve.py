"""The service as people start it: the first start, faulty settings, a busy port, its end."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import make_url

from service.settings import Settings
from service.starting import prepare

SERVE = (sys.executable, "-m", "matcher.cli.start", "--lang", "en", "serve")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("MATCHER_")}


@contextmanager
def served(folder: Path, *words: str, database: str | None = None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the service; give its process and address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    words = (*words, "--folder", str(folder), "--port", str(port), *(("--database", database) if database else ()))
    log = (folder.parent / "serve.log").open("w")
    process = subprocess.Popen(
        [*SERVE, *words], stdout=subprocess.PIPE, stderr=log, text=True, env=environment(), start_new_session=True
    )
    try:
        wait_ready(process, address)
        yield process, address
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        log.close()


def wait_ready(process: subprocess.Popen[str], address: str, seconds: float = 60.0) -> None:
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        assert process.poll() is None, "the service has ended"
        try:
            if httpx.get(f"{address}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the service is not ready")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, env=environment(), timeout=60, check=False)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_first_start_prints_a_link_and_the_end_is_quick(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    database = None if kind == "sqlite" else request.getfixturevalue("postgres_url")
    folder = tmp_path / "data"
    with served(folder, database=database) as (process, address):
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(3)]
        assert re.search(rf"^{address}/set-up/mm_\S{{40,}}$", "".join(told), re.MULTILINE)
        assert address in told[-1]
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert process.wait(30) == 0
        assert time.monotonic() - began < 30
    if kind == "sqlite":
        assert (folder / "matcher.sqlite3").stat().st_mode & 0o077 == 0
    assert (folder / "matcher.key").stat().st_mode & 0o077 == 0
    log = (tmp_path / "serve.log").read_text()
    assert "Traceback" not in log


def test_faulty_settings_stop_the_start(tmp_path: Path) -> None:
    file = tmp_path / "matcher.toml"
    file.write_text('workers = "many"\nfolders = "x"\n')
    ended = run(*SERVE, "--config", str(file))
    assert ended.returncode == 2
    assert "workers (MATCHER_WORKERS)" in ended.stderr
    assert "give a number from 0 to 64" in ended.stderr
    assert "folders (MATCHER_FOLDERS): there is no such setting → perhaps folder" in ended.stderr
    assert run(*SERVE, "--database", "mysql://x/y").returncode == 2


def test_a_busy_port_stops_the_start(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run(*SERVE, "--folder", str(tmp_path / "data"), "--port", str(port))
    assert ended.returncode == 2
    assert f"127.0.0.1:{port}: another program uses this port" in ended.stderr


def test_a_database_that_is_away_stops_the_start(tmp_path: Path) -> None:
    address = f"postgresql+psycopg://somebody:secret@127.0.0.1:{free_port()}/none"
    ended = run(*SERVE, "--folder", str(tmp_path / "data"), "--port", "0", "--database", address)
    assert ended.returncode == 2
    assert "the database does not answer: Connection refused → see that it runs" in ended.stderr
    assert "secret" not in ended.stderr + ended.stdout


@pytest.mark.parametrize("wrong", [("somebody", None), (None, "nowhere")], ids=str)
def test_a_database_that_lets_nobody_in_stops_the_start(
    wrong: tuple[str | None, str | None], tmp_path: Path, postgres_url: str
) -> None:
    address = make_url(postgres_url).set(username=wrong[0], password="guessed", database=wrong[1])
    words = ("--folder", str(tmp_path / "data"), "--port", "0", "--database")
    ended = run(*SERVE, *words, address.render_as_string(hide_password=False))
    assert ended.returncode == 2
    assert "the database server lets nobody in: FATAL:" in ended.stderr
    assert "check user, password and name of the database" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "guessed" not in ended.stderr


def test_a_newer_database_stops_the_start(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'matcher.sqlite3'}"
    prepare(Settings(folder=tmp_path, database=database))
    with sqlite3.connect(tmp_path / "matcher.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    ended = run(*SERVE, "--folder", str(tmp_path), "--port", "0", "--database", database)
    assert ended.returncode == 2
    assert "a newer version of the program has made these tables → put the newer version back" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_settings_are_shown_without_secrets() -> None:
    address = "postgresql+psycopg://somebody:secret@127.0.0.1/none"
    shown = run(*SERVE, "--show-settings", "--database", address)
    assert shown.returncode == 0
    assert "MATCHER_DATABASE = postgresql+psycopg://somebody:***@127.0.0.1/none" in shown.stdout
    assert "secret@" not in shown.stdout


def test_a_worker_needs_the_key_and_the_tables(tmp_path: Path) -> None:
    words = (sys.executable, "-m", "matcher.cli.start", "--lang", "en", "worker", "--folder", str(tmp_path))
    ended = run(*words)
    assert ended.returncode == 2
    assert "the database is not of this version" in ended.stderr


def test_a_worker_that_dies_is_started_anew(tmp_path: Path) -> None:
    with served(tmp_path / "data") as (process, _):
        first = workers_of(process.pid)
        os.kill(first[0], signal.SIGKILL)
        last = time.monotonic() + 30
        while not (found := workers_of(process.pid)) or found == first:
            assert time.monotonic() < last
            time.sleep(0.2)
        assert len(found) == len(first) == 1
        process.kill()
        process.wait()
        while any(Path(f"/proc/{pid}").exists() and is_alive(pid) for pid in found):
            assert time.monotonic() < last, "a worker outlives the server"
            time.sleep(0.2)


def workers_of(pid: int) -> list[int]:
    """Return the living worker processes of a server."""
    last = time.monotonic() + 30
    while time.monotonic() < last:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        tasks = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
        found = sorted({int(child) for words in [children, *tasks] for child in words})
        found = [child for child in found if is_alive(child)]
        if found:
            return found
        time.sleep(0.1)
    return []


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
