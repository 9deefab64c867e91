"""Every paper says word for word what people have looked at, and is a whole Word file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document

from service.documents.catalogue import PAPERS
from service.documents.desk import make_paper
from service.documents.pdf import as_pdf
from service.documents.preflight import check_docx
from service.organisations.details import Details, keep_details
from service.tables.areas import Area
from tests.service.conftest import House
from tests.service.documents.golden import FOLDER, WORLDS, name_of, papers_of
from tests.service.documents.reading import check_package, text_of
from tests.service.documents.world import build_world

_COUNT = {"kalmykia-full": 17, "kalmykia-bare": 14, "dalnerechensk-full": 16, "anuchino-bare": 14}


@pytest.mark.parametrize(("policy", "full"), WORLDS)
def test_papers_say_what_they_have_to(sqlite_house: House, policy: str, full: bool) -> None:
    name = name_of(policy, full=full)
    made = dict(papers_of(build_world(sqlite_house, policy, full=full)))
    expected = {path.stem.removeprefix(f"{name}-"): path for path in FOLDER.glob(f"{name}-*.txt")}
    assert set(made) == set(expected)
    assert len(made) == _COUNT[name]
    for code, content in made.items():
        assert text_of(content) == expected[code].read_text(encoding="utf-8"), code
        check_package(content)
        check_docx(content, code)


def test_no_paper_shows_a_template(sqlite_house: House) -> None:
    for path in FOLDER.glob("*.txt"):
        said = path.read_text(encoding="utf-8")
        assert not any(mark in said for mark in ("{{", "{%", "}}", "None", "Undefined", "teacher_teacher", "['"))
    assert len(list(FOLDER.glob("*.txt"))) == sum(_COUNT.values())


def test_the_bundle_of_the_site_names_whom_it_may(sqlite_house: House) -> None:
    world = build_world(sqlite_house, "kalmykia", full=True)
    with sqlite_house.core.database.reading() as session:
        made = make_paper(world.material(session), PAPERS["D-16"])
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        pages = {name: archive.read(name) for name in archive.namelist()}
    assert len([name for name in pages if name[0].isdigit()]) == 7
    said = "\n".join(content.decode() for name, content in pages.items() if name.endswith(".html"))
    said += text_of(pages["раздел-сайта.docx"])
    assert "Иванова Анна Петровна" in said  # she agreed to that
    assert "С. М. И." in said
    for name in ("Сидорова", "Петров ", "Лебедева", "Гусев", "Дарья"):
        assert name not in said


def test_words_of_people_are_words_only(sqlite_house: House) -> None:
    """Whatever people write into fields stays text: no field of Word, no markup, no page of its own, no template."""
    world = build_world(sqlite_house, "kalmykia", full=False)
    evil = 'A{{ 7*7 }}{% if 1 %}</w:t></w:r><w:fldSimple w:instr="DDE x"/>&"<b>=cmd|calc\n{ HYPERLINK "x" }'
    with sqlite_house.core.database.writing() as session:
        area = session.get_one(Area, sqlite_house.areas["s12"])
        said = Details(full_name=evil.replace("\n", " "), payment="\u202e=1+1", curator='Иванова <i> "А"')
        keep_details(session, sqlite_house.core.vault, area, said, "test")
    with sqlite_house.core.database.reading() as session:
        it = world.material(session)
        for code in ("D-04", "D-05", "D-06", "D-08"):
            made = make_paper(it, PAPERS[code])
            check_package(made.content)
            check_docx(made.content, code)
            assert evil.replace("\n", " ") in text_of(made.content)
            body = {one.tag.rpartition("}")[2] for one in Document(io.BytesIO(made.content)).element.iter()}
            assert not body & {"fldSimple", "instrText", "fldChar", "hyperlink"}


@pytest.mark.slow
def test_every_paper_becomes_a_pdf(sqlite_house: House) -> None:
    for code, content in papers_of(build_world(sqlite_house, "dalnerechensk", full=True)):
        assert as_pdf(content).startswith(b"%PDF-"), code


def test_golden_texts_stand_beside() -> None:
    assert Path(__file__).parents[2] / "data" / "documents" == FOLDER
