"""Of what the roster workbook is described: sheets, columns, and the values a column may hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from matcher.texts import Lang

Spelling = Literal["ru", "en", "id"]
"""How a file writes its headings and values: by a label of one language, or by identifiers."""


class ColumnType(StrEnum):
    """What a cell of a column holds. Lists are separated by semicolons."""

    ID = "id"
    TEXT = "text"
    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    DATE = "date"
    TIME = "time"
    ENUM = "enum"
    ENUM_LIST = "enum_list"
    TEXT_LIST = "text_list"
    ID_LIST = "id_list"

    @property
    def is_list(self) -> bool:
        """Return whether a cell holds several values."""
        return self in (ColumnType.ENUM_LIST, ColumnType.TEXT_LIST, ColumnType.ID_LIST)


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value: its identifier, its two labels (what the drop-down shows), other accepted spellings."""

    id: str
    ru: str
    en: str
    aliases: tuple[str, ...] = ()

    def label(self, lang: Lang) -> str:
        """Return the label in ``lang``."""
        return self.ru if lang == "ru" else self.en

    def spelled(self, spelling: Spelling) -> str:
        """Return the label or the identifier."""
        return self.id if spelling == "id" else self.label(spelling)

    def spellings(self) -> Iterable[str]:
        """Return everything a user may write for this value."""
        return (self.id, self.ru, self.en, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a sheet.

    ``field`` is the attribute of the roster type (the id unless told otherwise). ``choices`` are the allowed
    values; with ``is_open`` they are only the usual ones and others pass. ``min``/``max`` bound numbers.
    ``reference`` names the columns (``sheet.column``) one of which must hold the value. ``example`` is a typed
    value; enumerated examples are identifiers. ``aliases`` are other headings that can mean nothing else.
    """

    id: str
    ru: str
    en: str
    type: ColumnType
    field: str
    note_ru: str
    note_en: str
    example: object
    example_en: object
    choices: tuple[Choice, ...] = ()
    is_open: bool = False
    min: float | None = None
    max: float | None = None
    is_required: bool = False
    reference: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Return every heading the column is known by."""
        return (self.en, self.ru, self.id, *self.aliases)

    def heading(self, lang: Lang) -> str:
        """Return the heading in ``lang``."""
        return self.ru if lang == "ru" else self.en

    def spelled(self, spelling: Spelling) -> str:
        """Return the heading or the identifier."""
        return self.id if spelling == "id" else self.heading(spelling)

    def note(self, lang: Lang) -> str:
        """Return the explanation shown beside the heading."""
        return self.note_ru if lang == "ru" else self.note_en

    def example_in(self, lang: Lang) -> object:
        """Return an example value for a reader of ``lang``."""
        return self.example if lang == "ru" else self.example_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet: its columns, the type its rows become, and the columns that together name a row only once."""

    id: str
    ru: str
    en: str
    note_ru: str
    note_en: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    is_required: bool = False

    def title(self, lang: Lang) -> str:
        """Return the name of the sheet in ``lang``."""
        return self.ru if lang == "ru" else self.en

    def note(self, lang: Lang) -> str:
        """Return what the sheet is for."""
        return self.note_ru if lang == "ru" else self.note_en

    def column(self, column_id: str) -> Column:
        """Return the column of that id."""
        return next(c for c in self.columns if c.id == column_id)


def column(
    column_id: str,
    ru: str,
    en: str,
    kind: ColumnType,
    note_ru: str = "",
    note_en: str = "",
    *,
    example: object = None,
    example_en: object = None,
    field: str | None = None,
    choices: tuple[Choice, ...] = (),
    is_open: bool = False,
    between: tuple[float | None, float | None] = (None, None),
    required: bool = False,
    reference: str | tuple[str, ...] = (),
    aliases: tuple[str, ...] = (),
) -> Column:
    """Return a column; what is not told has its usual value."""
    return Column(
        id=column_id,
        ru=ru,
        en=en,
        type=kind,
        field=field or column_id,
        note_ru=note_ru,
        note_en=note_en,
        example=example,
        example_en=example if example_en is None else example_en,
        choices=choices,
        is_open=is_open,
        min=between[0],
        max=between[1],
        is_required=required,
        reference=(reference,) if isinstance(reference, str) else reference,
        aliases=aliases,
    )
