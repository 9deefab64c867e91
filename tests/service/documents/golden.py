"""The texts papers have to have: `python -m tests.service.documents.golden` writes them, people look at them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import FastAPI

from service.documents.catalogue import PAPERS
from service.documents.desk import _nothing_yet, make_data
from service.documents.filling import fill_shipped
from service.migrate import upgrade
from tests.service import conftest
from tests.service.conftest import House, build_house
from tests.service.documents.reading import text_of
from tests.service.documents.world import World, build_world

FOLDER = Path(__file__).parents[2] / "data" / "documents"
WORLDS = (("kalmykia", True), ("kalmykia", False), ("dalnerechensk", True), ("anuchino", False))


def name_of(policy: str, *, full: bool) -> str:
    """Return what the texts of a world are called by."""
    return f"{policy}-{'full' if full else 'bare'}"


def papers_of(world: World) -> Iterator[tuple[str, bytes]]:
    """Yield the Word file of every paper of a world that there is something for."""
    with world.house.core.database.reading() as session:
        it = world.material(session)
        for code, paper in PAPERS.items():
            if paper.build is not None and _nothing_yet(it, paper) is None:
                yield code, fill_shipped(paper.template, make_data(it, paper))


def main() -> None:
    """Write every text, and the Word files beside where a folder is given."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    setattr(conftest, "build_app", lambda core: FastAPI())  # noqa: B010 - papers are made without any route
    with TemporaryDirectory() as place:
        template = Path(place) / "template.sqlite3"
        upgrade(f"sqlite:///{template}")
        for policy, full in WORLDS:
            folder = Path(place) / name_of(policy, full=full)
            folder.mkdir()
            shutil.copy(template, folder / "matcher.sqlite3")
            house: House = build_house(f"sqlite:///{folder / 'matcher.sqlite3'}", folder)
            for code, content in papers_of(build_world(house, policy, full=full)):
                name = f"{name_of(policy, full=full)}-{code}"
                (FOLDER / f"{name}.txt").write_text(text_of(content), encoding="utf-8")
                if len(sys.argv) > 1:
                    (Path(sys.argv[1]) / f"{name}.docx").write_bytes(content)


if __name__ == "__main__":
    main()
