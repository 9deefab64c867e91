"""Two hundred templates of bad people: none evaluates an attribute, none takes more than ten seconds (S8)."""

from __future__ import annotations

import time
from typing import Any

import pytest
from jinja2.runtime import Undefined

from matcher.errors import InputError
from service.documents.builders.orders import Orders
from service.documents.filling import fields_of, fill_own
from service.documents.preflight import check_docx
from service.documents.sandbox import PlainEnvironment, fill
from tests.service.documents.hostile import W, expressions, greedy, packages, with_body, with_words

DATA = Orders(
    regulation="Положение о наставничестве",
    first_day="",
    last_day="",
    council=False,
    council_day="",
    council_minutes="",
    orders=(),
)
FIELDS = fields_of(DATA) | {"orders": [{"number": "1", "house": {"name": "Школа"}}]}


def test_there_are_two_hundred() -> None:
    assert len([*expressions(), *greedy(), *packages()]) >= 200


def test_no_expression_reaches_an_attribute(monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[Any] = []
    for name in ("getattr", "getitem"):
        real = getattr(PlainEnvironment, name)

        def watched(self: PlainEnvironment, obj: Any, what: Any, real: Any = real) -> Any:
            found = real(self, obj, what)
            if not isinstance(found, str | int | float | bool | list | dict | Undefined | None):
                reached.append((obj, what))
            if isinstance(what, str) and what.startswith("_") and not isinstance(found, Undefined):
                reached.append((obj, what))
            return found

        monkeypatch.setattr(PlainEnvironment, name, watched)
    passed = []
    for words, template in expressions():
        try:
            made = fill(template, FIELDS)
        except Exception:  # whatever stops it
            continue
        passed.append((words, made))
    assert reached == []
    assert passed == []


def test_no_package_gets_through() -> None:
    passed = []
    for name, content in packages():
        started = time.monotonic()
        try:
            check_docx(content, name)
            passed.append(name)
        except InputError:
            pass
        assert time.monotonic() - started < 10
    assert passed == []


@pytest.mark.parametrize(("words", "template"), [*greedy()][:3])
def test_what_never_ends_is_ended(words: str, template: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(InputError):
        fill_own(template, DATA, words[:20])
    assert time.monotonic() - started < 12  # nine of the process, and what the computer needs to start it


@pytest.mark.slow
def test_all_of_them_in_their_process() -> None:
    for words, template in (*expressions(), *greedy()):
        if "orders" in words:
            continue  # this round has no order, its loop is empty; the test in this process above has one
        started = time.monotonic()
        with pytest.raises(InputError):
            fill_own(template, DATA, words[:20])
        assert time.monotonic() - started < 12, words


def test_the_process_says_what_is_wrong() -> None:
    for words, message in (
        ("{{ no_such_field }}", "names a field there is none of"),
        ("{{ regulation.__class__ }}", "reaches for what templates must not use"),
        ("{{ regulation", "written wrongly"),
    ):
        with pytest.raises(InputError) as caught:
            fill_own(with_words(words), DATA, "t.docx")
        assert message in str(caught.value.faults[0].message)
    assert fill_own(with_words("{{ regulation | upper }}"), DATA, "t.docx")[:2] == b"PK"


def test_a_field_put_together_by_a_template_is_found() -> None:
    """What comes out is looked at too: a template may not make a field that it did not show."""
    template = with_words("x")
    check_docx(template, "t.docx")
    for field in ("PAGE", "NUMPAGES"):
        check_docx(_with_field(field), "t.docx")
    with pytest.raises(InputError):
        check_docx(_with_field("INCLUDETEXT x"), "t.docx")


def _with_field(code: str) -> bytes:

    return with_body(with_words("x"), f'<w:p {W}><w:fldSimple w:instr="{code}"/></w:p>')
