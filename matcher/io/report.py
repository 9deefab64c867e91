"""What a check of a roster says: faults with their cells, remarks on what was normalised, groups for display."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matcher.errors import Fault
from matcher.roster import Roster
from matcher.texts import Text

if TYPE_CHECKING:
    from matcher.io.hints import SheetSeen


@dataclass(frozen=True, slots=True)
class CellFault(Fault):
    """A fault that knows its kind and its cell.

    ``sheet`` is the name the user sees, ``row`` counts from 1 as spreadsheets do, ``column`` is the index from 0;
    both are None where the fault concerns a whole sheet or file.
    """

    kind: str = ""
    sheet: str | None = None
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was normalised or passed over, with its place."""

    place: str
    message: Text
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The roster (None when there are faults), every fault, every remark, and the sheets as they were understood."""

    roster: Roster | None
    faults: tuple[Fault, ...]
    remarks: tuple[Remark, ...]
    sheets: tuple[SheetSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class FaultGroup:
    """Faults of one kind in one column: how many there are and the first few."""

    kind: str
    sheet: str | None
    column: int | None
    count: int
    examples: tuple[Fault, ...]


def group_faults(faults: Iterable[Fault], *, num_examples: int = 3) -> tuple[FaultGroup, ...]:
    """Return the faults grouped by kind and column, in the order in which each group first appears.

    Parameters
    ----------
    faults
        What a check found.
    num_examples
        How many faults of each group are kept as examples.
    """
    groups: dict[tuple[str, str | None, int | None], list[Fault]] = {}
    for fault in faults:
        if isinstance(fault, CellFault):
            key = (fault.kind, fault.sheet, fault.column)
        else:
            key = (fault.message.msgid, None, None)
        groups.setdefault(key, []).append(fault)
    return tuple(
        FaultGroup(kind, sheet, column, len(members), tuple(members[:num_examples]))
        for (kind, sheet, column), members in groups.items()
    )
