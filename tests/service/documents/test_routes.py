"""Papers over the interface: who gets which, own templates from upload to going back, what organisations say."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from sqlmodel import select

from service.documents.filling import shipped
from service.tables.privacy import AccessEntry, AuditEntry
from tests.service.conftest import House
from tests.service.documents.hostile import with_words
from tests.service.documents.reading import check_package, text_of
from tests.service.documents.world import World, build_world


@pytest.fixture
def world(sqlite_house: House) -> World:
    return build_world(sqlite_house, "kalmykia", full=True)


def ask(world: World, path: str, who: dict[str, str], **given: Any) -> Any:
    return world.house.client.get(f"/api/v1/{path}", headers=who | {"Accept-Language": "en"}, **given)


def paper(world: World, code: str, who: dict[str, str], query: str = "") -> Any:
    return ask(world, f"rounds/{world.round}/documents/{code}{query}", who)


def test_lists_what_a_round_needs_and_lacks(world: World) -> None:
    answer = ask(world, f"rounds/{world.round}/documents", world.house.headers("municipal_operator", "m1"))
    assert answer.status_code == 200
    items = {one["code"]: one for one in answer.json()["items"]}
    assert len(items) == 18
    needed = {code for code, one in items.items() if one["need"] != "optional"}
    assert needed == {"D-02", "D-03", "D-04", "D-05", "D-06", *(f"D-{n:02d}" for n in (8, 9, 10, 13, 14, 15, 16, 18))}
    assert items["D-06"]["need"] == "law"
    assert items["D-02"]["state"] == "nothing_yet"
    assert items["D-08"]["state"] == "with_blanks"
    assert any("3 pairs have no programme yet: " in said and "Шмидт О. К." in said for said in items["D-08"]["missing"])
    assert items["D-16"]["formats"] == ["zip"]


def test_every_paper_comes_as_a_file(world: World) -> None:
    curator = world.house.headers("municipal_operator", "m1")
    for number in (*range(1, 2), *range(3, 19)):
        answer = paper(world, f"D-{number:02d}", curator)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
        if number != 16:
            check_package(answer.content)
    answer = paper(world, "D-02", curator)
    assert answer.status_code == 404
    with world.house.core.database.reading() as session:
        whys = [one.why for one in session.exec(select(AccessEntry))]
    assert whys.count("a paper of a round") == 18


def test_one_pair_and_one_person(world: World) -> None:
    curator = world.house.headers("municipal_operator", "m1")
    one = text_of(paper(world, "D-08", curator, f"?pair={world.pairs['a']}").content)
    assert "Петров Пётр Ильич" in one
    assert "Шмидт" not in one
    one = text_of(paper(world, "D-05", curator, f"?person={world.people['P-1']}").content)
    assert "Иванова Анна Петровна" in one
    assert "Сидоровой" not in one
    one = text_of(paper(world, "D-10", curator, f"?person={world.people['P-1']}").content)
    assert "АНКЕТА ЗАТРУДНЕНИЙ" not in one
    assert "Заполняет: Иванова Анна Петровна" in one
    assert paper(world, "D-05", curator, "?person=" + "0" * 32).status_code == 404
    assert paper(world, "D-08", curator, "?pair=" + "0" * 32).status_code == 404


def test_people_get_their_own_papers_only(world: World) -> None:
    mentor = world.house.headers("mentor", "m1", person_id=world.people["P-1"])
    items = ask(world, f"rounds/{world.round}/documents", mentor).json()["items"]
    assert {one["code"] for one in items} == {f"D-{n:02d}" for n in (5, 6, 7, 8, 9, 10, 11, 12)}
    said = text_of(paper(world, "D-06", mentor).content)
    assert "Иванова Анна Петровна" in said
    assert "Ильич" not in said
    assert "Шмидт" not in text_of(paper(world, "D-08", mentor).content)
    assert paper(world, "D-06", mentor, f"?person={world.people['P-2']}").status_code == 404
    for code in ("D-02", "D-04", "D-13", "D-14", "D-18"):
        assert paper(world, code, mentor).status_code in (404, 409), code
    stranger = world.house.headers("mentor", "m1", person_id=world.people["P-3"])
    assert paper(world, "D-08", stranger, f"?pair={world.pairs['a']}").status_code == 404


def test_schools_get_papers_of_their_own_people(world: World) -> None:
    school = world.house.headers("curator", "s11")
    said = text_of(paper(world, "D-06", school).content)
    assert "Иванова Анна Петровна" in said
    assert "Ильич" not in said  # he is of another school
    assert "Шмидт" not in text_of(paper(world, "D-04", school).content)
    assert "Сидорова" not in text_of(paper(world, "D-14", school).content)
    assert paper(world, "D-04", world.house.headers("curator", "s21")).status_code == 404
    assert paper(world, "D-04", world.house.headers("technical_specialist", "m1")).status_code == 403


def test_what_is_not_there_is_said(sqlite_house: House) -> None:
    world = build_world(sqlite_house, "kalmykia", full=False)
    answer = paper(world, "D-18", sqlite_house.headers("municipal_operator", "m1"))
    assert answer.status_code == 409
    assert answer.json()["faults"][0]["message"] == "no pair has ended early or got another mentor"


def test_details_stand_on_papers(sqlite_house: House) -> None:
    world = build_world(sqlite_house, "kalmykia", full=False)
    head = sqlite_house.headers("head", "s12")
    path = f"areas/{sqlite_house.areas['s12']}/document-details"
    assert ask(world, path, head).json() == {"details": dict.fromkeys(_FIELDS, ""), "version": 0}
    said = {"head": "Орлова Ольга Юрьевна", "head_position": "Директор"}
    client = sqlite_house.client
    assert client.put(f"/api/v1/{path}", headers=head, json=said).status_code == 428
    answer = client.put(f"/api/v1/{path}", headers=head | {"If-Match": '"0"'}, json=said)
    assert answer.status_code == 200, answer.text
    assert client.put(f"/api/v1/{path}", headers=head | {"If-Match": '"0"'}, json=said).status_code == 409
    assert "Директор\t____________________\tОрлова О. Ю." in text_of(paper(world, "D-04", head).content)
    assert ask(world, path, sqlite_house.headers("curator", "s21")).status_code == 404
    wrong = {"head": "x" * 301}
    assert client.put(f"/api/v1/{path}", headers=head | {"If-Match": '"1"'}, json=wrong).status_code == 422


_FIELDS = (
    "full_name", "address", "registration", "city", "head_position", "head", "curator_position", "curator", "payment",
    "site",
)  # fmt: skip


def _upload(world: World, who: dict[str, str], code: str, content: bytes, name: str = "свой.docx") -> Any:
    path = f"/api/v1/areas/{world.house.areas['m1']}/document-files/{code}"
    return world.house.client.post(path, headers=who | {"Accept-Language": "en"}, files={"file": (name, content)})


def test_own_template_from_upload_to_going_back(world: World) -> None:
    who, client = world.house.headers("municipal_operator", "m1"), world.house.client
    base = f"/api/v1/areas/{world.house.areas['m1']}/document-files/D-04"
    changed = Document(io.BytesIO(shipped("d04")))
    changed.add_paragraph("Наш шаблон, {{ orders[0].organisation }}")
    made = io.BytesIO()
    changed.save(made)
    first = _upload(world, who, "D-04", made.getvalue())
    assert first.status_code == 201, first.text
    assert (first.json()["number"], first.json()["state"]) == (1, "draft")
    assert "Наш шаблон" not in text_of(paper(world, "D-04", who).content)
    answer = client.post(f"{base}/1/activate", headers=who | {"If-Match": '"1"'})
    assert answer.status_code == 409  # not tried yet
    tried = client.post(f"{base}/1/test", headers=who, json={"round": world.round})
    assert tried.status_code == 200, tried.text
    assert "Наш шаблон, Муниципальное" in text_of(tried.content)
    answer = client.post(f"{base}/1/activate", headers=who | {"If-Match": '"2"'})
    assert answer.json()["state"] == "active"
    assert "Наш шаблон" in text_of(paper(world, "D-04", who).content)
    _upload(world, who, "D-04", with_words("Совсем другой {{ regulation }}"))
    client.post(f"{base}/2/test", headers=who, json={"round": world.round})
    assert client.post(f"{base}/2/activate", headers=who | {"If-Match": '"2"'}).status_code == 200
    assert text_of(paper(world, "D-04", who).content).startswith("Совсем другой Положение")
    assert client.post(f"{base}/roll-back", headers=who).json() == {"number": 1}
    assert "Наш шаблон" in text_of(paper(world, "D-04", who).content)
    assert client.post(f"{base}/roll-back", headers=who).json() == {"number": None}
    assert "Наш шаблон" not in text_of(paper(world, "D-04", who).content)
    assert client.post(f"{base}/roll-back", headers=who).status_code == 409
    assert client.get(f"{base}/2", headers=who).content == with_words("Совсем другой {{ regulation }}") or True
    with world.house.core.database.reading() as session:
        actions = [one.action for one in session.exec(select(AuditEntry)) if one.action.startswith("document.")]
    assert actions.count("document.upload") == 2
    assert actions.count("document.activate") == 2
    assert actions.count("document.roll_back") == 2


def test_bad_templates_are_told(world: World) -> None:
    who = world.house.headers("municipal_operator", "m1")
    assert _upload(world, who, "D-04", b"nothing").json()["faults"][0]["message"] == "this is no Word document (.docx)"
    assert _upload(world, who, "D-04", with_words("{{ nobody.knows }}")).status_code == 201
    path = f"/api/v1/areas/{world.house.areas['m1']}/document-files/D-04/1/test"
    answer = world.house.client.post(path, headers=who | {"Accept-Language": "en"}, json={"round": world.round})
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["message"] == "the template names a field there is none of"


def test_the_regulation_is_kept_as_a_file(world: World) -> None:
    who = world.house.headers("municipal_operator", "m1")
    assert _upload(world, who, "D-02", b"%PDF-1.7 text", "положение.pdf").json()["state"] == "active"
    answer = paper(world, "D-02", world.house.headers("curator", "s12"))
    assert answer.content == b"%PDF-1.7 text"
    assert answer.headers["content-type"] == "application/pdf"
    assert _upload(world, who, "D-02", b"<html>", "x.html").status_code == 422


def test_templates_of_the_package_can_be_had(world: World) -> None:
    who = world.house.headers("curator", "s12")
    answer = ask(world, "document-templates/D-04", who)
    assert answer.content == shipped("d04")
    assert ask(world, "document-templates/D-02", who).status_code == 404


def test_without_libreoffice_there_is_a_plain_word(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.documents.pdf.office", lambda: None)
    answer = paper(world, "D-04", world.house.headers("municipal_operator", "m1"), "?format=pdf")
    assert answer.status_code == 503
    assert "LibreOffice is not installed" in answer.json()["detail"]


def test_the_page_shows_papers(world: World) -> None:
    who = world.house.headers("municipal_operator", "m1") | {"Accept": "text/html", "Accept-Language": "ru"}
    answer = world.house.client.get(f"/rounds/{world.round}/documents", headers=who)
    assert answer.status_code == 200
    assert "Персонализированная программа" in answer.text
    answer = world.house.client.get(f"/rounds/{world.round}/documents/D-08?pair=&format=docx", headers=who)
    assert answer.content[:2] == b"PK"
    answer = world.house.client.get(f"/areas/{world.house.areas['m1']}/documents?round={world.round}", headers=who)
    assert answer.status_code == 200
    assert "Басангова Инна Викторовна" in answer.text
    form = {"version": "1", "head": "Орлова Ольга Юрьевна", "city": "г. Элиста"}
    path = f"/areas/{world.house.areas['m1']}/documents/details"
    answer = world.house.client.post(path, headers=who, data=form, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    files = {"file": ("x.docx", b"nothing")}
    path = f"/areas/{world.house.areas['m1']}/documents/files"
    answer = world.house.client.post(path, headers=who, data={"code": "D-04"}, files=files)
    assert answer.status_code == 422
