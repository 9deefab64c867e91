"""The order fixing pairs, read back from the Word file's own XML."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from matcher.io.write_order import order_fields, write_order
from tests.schedules import scheduled_plan


def words(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        content = archive.read("word/document.xml").decode()
    return " ".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", content))


@pytest.mark.parametrize(("lang", "heading"), [("ru", "ПРИКАЗ"), ("en", "ORDER")])
def test_the_order_names_every_pair_and_leaves_no_field_open(tmp_path: Path, lang: str, heading: str) -> None:
    plan = scheduled_plan()
    write_order(plan, tmp_path / "order.docx", lang)  # type: ignore[arg-type]
    told = words(tmp_path / "order.docx")
    assert heading in told
    assert "{{" not in told
    assert "{%" not in told
    for pair in plan.pairs:
        assert pair.mentor in told
        assert pair.mentee in told


def test_points_are_numbered_through() -> None:
    (order,) = order_fields(scheduled_plan(), "ru")["orders"]
    assert order["points"] == {"pairs": 1, "schedule": 2, "programme": 3, "curator": 4, "control": 5}
    assert order["num_sessions"] == "6 встреч"


def test_a_template_cannot_run_code(tmp_path: Path) -> None:
    from docx import Document
    from jinja2.exceptions import SecurityError

    document = Document()
    document.add_paragraph("{{ orders.__class__.__mro__ }}")
    document.save(str(tmp_path / "evil.docx"))
    with pytest.raises(SecurityError):
        write_order(scheduled_plan(), tmp_path / "order.docx", "ru", template=tmp_path / "evil.docx")
    assert not (tmp_path / "order.docx").exists()
