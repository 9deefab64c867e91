"""Files that mean harm, are cut off, or are something else: one fault with place and cure, never anything more."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from matcher.io.timetable.read_timetable import Aids, read_timetable
from matcher.io.timetable.xml import pieces
from tests.unit.io.timetable.files import FET, asc, changed, faults_of, write

BOMB = """<?xml version="1.0"?>
<!DOCTYPE fet [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<fet version="6.0.0"><Institution_Name>&c;</Institution_Name></fet>
"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE timetable [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<timetable><teachers><teacher id="1" name="&a;"/></teachers></timetable>
"""
FOREIGN_DTD = '<?xml version="1.0"?>\n<!DOCTYPE timetable SYSTEM "outside.dtd">\n<timetable/>\n'


PUBLIC_DTD = '<?xml version="1.0"?>\n<!DOCTYPE timetable PUBLIC "-//x//y" "outside.dtd">\n<timetable/>\n'
EMPTY_SUBSET = "<!DOCTYPE FET []>" + FET.partition("\n")[2]
PARAMETER = "<!DOCTYPE FET [<!ENTITY % a SYSTEM 'file:///etc/passwd'> %a;]>" + FET.partition("\n")[2]


@pytest.mark.parametrize("content", [BOMB, OUTSIDE, FOREIGN_DTD, PUBLIC_DTD, EMPTY_SUBSET, PARAMETER])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_and_entities_are_refused(tmp_path: Path, content: str, encoding: str) -> None:
    (fault,) = faults_of(write(tmp_path, "t.xml", content.encode(encoding)))
    assert fault.startswith("t.xml: the file defines a document type or entities")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_bare_document_type_is_nothing_to_fear(tmp_path: Path, encoding: str) -> None:
    first, _, rest = FET.partition("\n")
    assert first.startswith("<?xml")
    with_type = write(tmp_path, "t.fet", f"<!DOCTYPE FET>{rest}".encode(encoding))
    assert read_timetable(with_type).rows == read_timetable(write(tmp_path, "same.fet", FET)).rows


def test_an_entity_nobody_defined_is_not_well_formed(tmp_path: Path) -> None:
    (fault,) = faults_of(write(tmp_path, "t.fet", changed(FET, ("School 5", "&school;"))))
    assert fault.startswith("t.fet:4: this is not well-formed XML")


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = write(tmp_path, "t.fet", "<")
    with path.open("r+b") as stream:
        stream.truncate(pieces.MAX_FILE_BYTES + 1)
    (fault,) = faults_of(path)
    assert fault.startswith("t.fet: the file is too large: 64 MB → a timetable has less than 64 MB")


def test_too_many_elements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MAX_ELEMENTS", 20)
    (fault,) = faults_of(write(tmp_path, "t.fet", FET))
    assert fault.startswith("t.fet: the file holds more than 20 elements")


def test_elements_nested_too_deep(tmp_path: Path) -> None:
    deep = "<Comments>" + "<a>" * 5000 + "</a>" * 5000 + "</Comments>"
    (fault,) = faults_of(write(tmp_path, "t.fet", changed(FET, ("<Mode>Official</Mode>", deep))))
    assert fault.startswith("t.fet: elements are nested more than 40 deep")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.fet", b"", "t.fet: the file is empty"),
        ("t.xml", "просто письмо", "t.xml: this is no XML file"),
        ("t.fet", b"\x00\x01\x02binary", "t.fet: this is no XML file"),
        (
            "t.roz",
            b"\x01ASC\x02",
            "t.roz: this is aSc TimeTables' own file, which only aSc can open → in aSc TimeTables",
        ),
        ("t.roz", "<timetable/>", "t.roz: this is aSc TimeTables' own file"),
        ("t.xml", "<rss version='2.0'><channel/></rss>", "t.xml: “rss” is the root of no timetable"),
        ("t.xml", "<html><body><table/></body></html>", "t.xml: this is a web page → open it in a spreadsheet"),
        ("t.html", "<table><tr><td>1</td></tr></table>", "t.html: this is a web page"),
        ("t.xml", "<timetable><periods></timetable>", "t.xml:1: this is not well-formed XML"),
        ("t.doc", b"\xd0\xcf\x11\xe0", "t.doc: this is no timetable that can be read"),
        ("t.xlsx", b"not a book", "t.xlsx: this is not an Excel workbook"),
        ("t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "t.xls: this is a workbook of the old .xls format"),
        ("t.bin", b"PK\x03\x04rubbish", "t.bin: the workbook is damaged"),
    ],
)
def test_something_else(tmp_path: Path, name: str, content: str | bytes, said: str) -> None:
    faults = faults_of(write(tmp_path, name, content))
    assert len(faults) == 1
    assert faults[0].startswith(said) or said in faults[0], faults


KINDS = "give a FET file (.fet), an aSc export (.xml), a workbook (.xlsx), a table (.csv) or a calendar (.ics)"


def test_no_file(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "absent.fet")[0].startswith(f"{tmp_path / 'absent.fet'}: there is no such file")
    folder = f"{tmp_path}: a folder stands where a file is needed"
    assert faults_of(tmp_path) == [f"{folder} → {KINDS}"]
    (tmp_path / "b.fet").touch()
    (tmp_path / "a.xlsx").touch()
    (tmp_path / "notes.txt").touch()
    assert faults_of(tmp_path) == [
        f"{tmp_path}: a folder stands where a file is needed → give one file of it: a.xlsx, b.fet"
    ]


def test_columns_are_for_workbooks(tmp_path: Path) -> None:
    columns = write(tmp_path, "columns.toml", 'layout = "list"')
    (fault,) = faults_of(write(tmp_path, "t.fet", FET), Aids(columns=columns))
    assert fault.endswith("a table of columns is of use for workbooks only → leave out --columns")


@pytest.mark.parametrize("content", [FET, asc()], ids=["fet", "asc"])
@pytest.mark.parametrize("part", [0.1, 0.37, 0.5, 0.77, 0.95])
def test_a_file_that_breaks_off(tmp_path: Path, content: str, part: float) -> None:
    data = content.encode("utf-8")
    (fault,) = faults_of(write(tmp_path, "t.xml", data[: int(part * len(data))]))
    assert "the file breaks off" in fault


def test_a_file_that_breaks_off_inside_a_letter(tmp_path: Path) -> None:
    data = asc().encode("utf-8")
    (fault,) = faults_of(write(tmp_path, "t.xml", data[: data.index("Орлова".encode()) + 1]))
    assert "the file breaks off" in fault


@pytest.mark.parametrize("content", [FET, asc()], ids=["fet", "asc"])
def test_noise_is_read_or_is_a_fault_and_nothing_else(tmp_path: Path, content: str) -> None:
    chance = random.Random(5)
    num_faulty = 0
    for _ in range(150):
        data = bytearray(content.encode("utf-8"))
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(data))
            if chance.random() < 0.5:
                data[at] = chance.randrange(256)
            else:
                del data[at : at + chance.randint(1, 80)]
        num_faulty += bool(faults_of(write(tmp_path, "t.xml", bytes(data))))
    assert num_faulty > 50
