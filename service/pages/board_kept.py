"""What a board was built of, kept as long as nothing of it has changed: typing into its search asks again and again."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from threading import Lock
from typing import Any, TypeVar

from markupsafe import Markup
from sqlalchemy import ColumnElement
from sqlalchemy import select as pick
from sqlmodel import Session, col, func

from service.pages.board_shapes import Line
from service.tables.areas import Area, Person
from service.tables.rounds import Pair

Built = TypeVar("Built", bound=Sized)
Stamp = tuple[Any, ...]
"""Is another one as soon as anything has changed of what it was taken of."""


class Kept:
    """Values by key, each with its stamp; so many rows together, and none that nobody has asked for in a while.

    What is kept may name people: with another stamp (somebody was erased, say) it is built anew.
    """

    def __init__(self, *, most_rows: int, seconds: float) -> None:
        self._most_rows, self._seconds, self._num_rows = most_rows, seconds, 0
        self._kept: OrderedDict[Hashable, tuple[Stamp, Sized, int, float]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, stamp: Stamp, build: Callable[[], Built], num_rows: int | None = None) -> Built:
        """Return what is kept under a key with this stamp, built anew where there is none.

        ``num_rows`` is how many rows it will come to hold, where that is not how many it holds now.
        """
        now = time.monotonic()
        with self._lock:
            self._drop(now)
            found = self._kept.get(key)
            if found is not None and found[0] == stamp:
                self._kept[key] = (*found[:3], now)
                self._kept.move_to_end(key)
                return found[1]  # type: ignore[return-value]
        made = build()
        weight = len(made) if num_rows is None else num_rows
        with self._lock:
            self._forget(key)
            self._kept[key] = (stamp, made, weight, now)
            self._num_rows += weight
            self._drop(now)
        return made

    def _drop(self, now: float) -> None:
        while self._kept:
            key, (*_, last) = next(iter(self._kept.items()))
            is_too_much = self._num_rows > self._most_rows and len(self._kept) > 1
            if not is_too_much and now - last < self._seconds:
                return
            self._forget(key)

    def _forget(self, key: Hashable) -> None:
        gone = self._kept.pop(key, None)
        self._num_rows -= 0 if gone is None else gone[2]


class Drawn:
    """Rows of the table that were drawn already, as they look in one language to those who may do the same."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, tuple[str, ...]], Markup] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._rows)

    def get(self, line: Line) -> Markup | None:
        """Return a row, None where it was not drawn yet."""
        return self._rows.get((line.pair.id, line.accepted))

    def keep(self, line: Line, row: Markup) -> Markup:
        """Keep a row and return it."""
        self._rows[line.pair.id, line.accepted] = row
        return row


KEPT = Kept(most_rows=20_000, seconds=600.0)


def stamp_of_pairs(session: Session, condition: ColumnElement[bool]) -> Stamp:
    """Return a stamp of pairs; every change of a pair raises its version."""
    sums = (func.count(), func.sum(Pair.version), func.min(Pair.id), func.max(Pair.id))
    asked = pick(col(Pair.state), col(Pair.locked), *sums).where(condition).group_by(col(Pair.state), col(Pair.locked))
    return tuple(sorted(tuple(row) for row in session.execute(asked)))


def stamp_of_people(session: Session, condition: ColumnElement[bool]) -> Stamp:
    """Return a stamp of people and of their organisations as they are called."""
    sums = (func.count(), func.sum(Person.version), func.count(col(Person.erased_at)))
    asked = pick(col(Area.id), col(Area.name), *sums).join(Person, col(Person.area_id) == col(Area.id))
    return tuple(sorted(tuple(row) for row in session.execute(asked.where(condition).group_by(Area.id, Area.name))))
