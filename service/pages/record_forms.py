"""Forms of records, made of the fields their kind states: what is asked, what was said, what was sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, time
from enum import StrEnum
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from babel.dates import format_date
from pydantic import BaseModel
from starlette.datastructures import FormData

from matcher.texts import Lang, Text, say, text
from service.pages.acting import word, words
from service.pages.gate_forms import Blank
from service.pages.record_words import FIELD_LABELS, choice_word, choices_of
from service.records.kind import Kind

_SPARE = 2
"""Empty lines that are offered below those a list has."""
_LONG = 1000
_NO_FIELD = frozenset({"participants", "route", "meeting"})
"""What names rows: filled in by the record itself, never typed."""
_CLEAR = frozenset({"title", "result", "direction", "type", "day", "start", "end", "mode"})
"""What is clear in a line without its name."""
_BOOLS = {"1": True, "0": False}


def names_of(kind: Kind[Any], without: Collection[str] = ()) -> list[str]:
    """Return the fields people fill in before any step, in the order of the record."""
    left_out = {*_NO_FIELD, *kind.decided, *without}
    return [name for name in kind.fields.model_fields if name not in left_out]


def blanks_of_record(
    kind: Kind[Any], names: Sequence[str], values: Mapping[str, Any], lang: Lang, asked: Collection[str] = ()
) -> list[Blank]:
    """Return the fields of a form; ``values`` are plain, as JSON has them, ``asked`` what the regulation wants."""
    found = []
    for name in names:
        info = kind.fields.model_fields[name]
        shape = _Shape(Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation)
        found.append(_blank(name, name, shape, values.get(name), lang, info.is_required(), name in asked))
    return found


def read_record(kind: Kind[Any], names: Sequence[str], form: FormData) -> dict[str, Any]:
    """Return what a form says of these fields; what is left empty goes back to what it is when nothing is said."""
    found: dict[str, Any] = {}
    for name in names:
        info = kind.fields.model_fields[name]
        value = _read(name, _Shape(info.annotation), form)
        if value not in (None, [], {}):
            found[name] = value
        elif not info.is_required():
            found[name] = info.get_default(call_default_factory=True)
    return found


def said_of(kind: Kind[Any], values: Mapping[str, Any], lang: Lang) -> list[tuple[Text, list[str]]]:
    """Return what a record says: the name of each field that is not empty, and its lines."""
    found = []
    for name, info in kind.fields.model_fields.items():
        if name in _NO_FIELD or values.get(name) in (None, [], {}, ""):
            continue
        found.append((FIELD_LABELS[name], list(_lines(_Shape(info.annotation), values[name], lang, name))))
    return found


def field_words(place: str, lang: Lang) -> str:
    """Return how the place of a fault is called: "Activities by direction, line 3: Direction"."""
    first, *rest = place.removeprefix("fields.").split(".")
    found = say(FIELD_LABELS[first], lang) if first in FIELD_LABELS else ""
    for part in rest:
        if part.isdecimal():
            found += say(text(", line {number}", number=int(part) + 1), lang)
        elif f"{first}.{part}" in FIELD_LABELS or part in FIELD_LABELS:
            found += ": " + say(FIELD_LABELS.get(f"{first}.{part}") or FIELD_LABELS[part], lang)
    return found


class _Shape:
    """The type of a field, taken apart: ``base`` without None, ``item`` of a list, the longest and greatest value."""

    def __init__(self, annotation: Any) -> None:
        bounds: list[Any] = []
        while True:
            if get_origin(annotation) is Annotated:
                annotation, *more = get_args(annotation)
                bounds += more
            elif NoneType in get_args(annotation):
                annotation = next(one for one in get_args(annotation) if one is not NoneType)
            else:
                break
        bounds += [part for one in bounds for part in getattr(one, "metadata", ())]
        self.item = get_args(annotation)[0] if get_origin(annotation) is tuple else None
        self.base: Any = annotation
        self.longest = max((found for one in bounds if (found := getattr(one, "max_length", None))), default=None)
        self.most = next((found for one in bounds if (found := getattr(one, "le", None)) is not None), None)

    def is_a(self, kind: type) -> bool:
        return isinstance(self.base, type) and issubclass(self.base, kind)

    def parts(self) -> dict[str, _Shape]:
        return {
            name: _Shape(Annotated[one.annotation, *one.metadata] if one.metadata else one.annotation)
            for name, one in self.base.model_fields.items()
        }


def _blank(
    place: str, name: str, shape: _Shape, value: Any, lang: Lang, required: bool = False, asked: bool = False
) -> Blank:
    label = FIELD_LABELS.get(place) or FIELD_LABELS[name]

    def blank(type_: str, given: str = "", **more: Any) -> Blank:
        return Blank(name=place, label=label, type=type_, value=given, required=required, asked=asked, **more)

    if shape.item is not None:
        item = _Shape(shape.item)
        if item.is_a(StrEnum):
            return blank("ticks", choices=choices_of(item.base, lang), chosen=list(map(str, value or ())))
        if item.is_a(BaseModel):
            rows = [*(value or ()), *({} for _ in range(_SPARE))]
            return blank("lines", parts=[_group(f"{place}.{n}", label, item, row, lang) for n, row in enumerate(rows)])
        return blank("area", "\n".join(value or ()), hint=say(text("One in a line."), lang))
    if shape.is_a(BaseModel):
        return blank("group", parts=_group(place, label, shape, value or {}, lang).parts)
    if shape.is_a(StrEnum):
        return blank("choice", choices=choices_of(shape.base, lang), chosen=[] if value is None else [str(value)])
    if shape.base is bool:
        yes_no = [("1", say(text("yes"), lang)), ("0", say(text("no"), lang))]
        return blank("choice", choices=yes_no, chosen=[] if value is None else [str(int(value))])
    if shape.base is date:
        return blank("date", str(value or ""))
    if shape.base is time:
        return blank("time", str(value or "")[:5])
    if shape.base is int:
        return blank("number", "" if value is None else str(value), most=shape.most)
    is_long = shape.longest is not None and shape.longest >= _LONG
    return blank("area" if is_long else "text", value or "", most=shape.longest)


def _group(place: str, label: Text, shape: _Shape, value: Mapping[str, Any], lang: Lang) -> Blank:
    parts = [_blank(f"{place}.{name}", name, one, value.get(name), lang) for name, one in shape.parts().items()]
    return Blank(name=place, label=label, type="group", required=False, parts=parts)


def _read(place: str, shape: _Shape, form: FormData) -> Any:
    if shape.item is not None:
        item = _Shape(shape.item)
        if item.is_a(StrEnum):
            return words(form, place)
        if item.is_a(BaseModel):
            numbers = {int(n) for key in form if (n := _number(key, place)).isdecimal()}
            rows = [_read(f"{place}.{number}", item, form) for number in sorted(numbers)]
            return [row for row in rows if row]
        return [line.strip() for line in word(form, place).splitlines() if line.strip()]
    if shape.is_a(BaseModel):
        found = {name: _read(f"{place}.{name}", one, form) for name, one in shape.parts().items()}
        return {name: value for name, value in found.items() if value not in (None, [], {})}
    given = word(form, place).replace("\r\n", "\n")
    if not given:
        return None
    if shape.base is bool:
        return _BOOLS.get(given, given)
    if shape.base is int and given.isdecimal():
        return int(given)
    return given


def _number(key: str, place: str) -> str:
    return key[len(place) + 1 :].partition(".")[0][:4] if key.startswith(f"{place}.") else ""


def _lines(shape: _Shape, value: Any, lang: Lang, place: str = "") -> Iterator[str]:
    """Yield what a value says, line by line."""
    if shape.item is not None:
        item = _Shape(shape.item)
        for one in value:
            yield " · ".join(_lines(item, one, lang)) if item.is_a(BaseModel) else ", ".join(_lines(item, one, lang))
    elif shape.is_a(BaseModel):
        for name, part in shape.parts().items():
            if value.get(name) not in (None, [], {}, ""):
                label = None if name in _CLEAR else FIELD_LABELS.get(f"{place}.{name}") or FIELD_LABELS.get(name)
                said = ", ".join(_lines(part, value[name], lang))
                yield said if label is None else f"{say(label, lang)}: {said}"
    elif shape.is_a(StrEnum):
        yield choice_word(shape.base)(str(value), lang)
    elif shape.base is bool:
        yield say(text("yes") if value else text("no"), lang)
    elif shape.base is date:
        yield format_date(date.fromisoformat(str(value)), "d MMMM y", locale=lang)
    elif shape.base is str:
        yield from value.splitlines()
    else:
        yield str(value)
