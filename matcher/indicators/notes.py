"""What is stated beside a plan, laid over its programmes: the course of each, and which one a pair's name means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import TypeVar

from matcher.indicators.facts import Done, Notice, Programme, Ticket, Vacancy
from matcher.indicators.inputs import Inputs, ProgrammeNote
from matcher.indicators.period import school_year_of, school_year_period
from matcher.plan import Plan

#: Fields of a note that replace those of the plan's programme where they are stated.
_STATED = tuple(
    one.name for one in fields(ProgrammeNote) if one.name not in ("mentor", "mentee", "form", "kind", "reports")
)


def programme_id(mentor: str, mentee: str) -> str:
    """Return what a pair is called in files: "M-1:N-1"."""
    return f"{mentor}:{mentee}"


def with_notes(planned: Sequence[Programme], notes: Iterable[ProgrammeNote], plan: Plan) -> tuple[Programme, ...]:
    """Return the programmes with what is stated of them, and those that only notes tell of."""
    this_year = school_year_of(plan.reference_day)
    found = {one.id: one for one in planned}
    for note in notes:
        id_ = programme_id(note.mentor, note.mentee)
        is_earlier = note.first_day is not None and school_year_of(note.first_day) < this_year
        if id_ in found and not _is_apart(found[id_], note, is_earlier=is_earlier):
            found[id_] = _stated(found[id_], note)
        else:
            year = this_year if note.first_day is None else school_year_of(note.first_day)
            own = _of_note(note, f"{id_}/{year}", found.get(id_))
            found[own.id] = own
    return tuple(found.values())


def _is_apart(programme: Programme, note: ProgrammeNote, *, is_earlier: bool) -> bool:
    """Return whether a note is about an earlier programme of the pair, not about the running one."""
    return is_earlier and programme.first_day != note.first_day


def _stated(programme: Programme, note: ProgrammeNote) -> Programme:
    given = {name: value for name in _STATED if (value := getattr(note, name)) is not None}
    return replace(programme, **given, reports=note.reports or programme.reports)


def _of_note(note: ProgrammeNote, id_: str, like: Programme | None) -> Programme:
    form = note.form or (None if like is None else like.form)
    kind = note.kind or (None if like is None else like.kind)
    if form is None or kind is None:
        raise ValueError(f"{id_}: form and kind are needed")
    return _stated(Programme(id=id_, mentor=note.mentor, mentee=note.mentee, form=form, kind=kind), note)


def known_since(plan: Plan, stated: Inputs) -> date:
    """Return the first day from which programmes are known: a plan tells of its year, notes of the years they name."""
    days = [plan.reference_day, *(note.first_day for note in stated.programmes if note.first_day is not None)]
    return school_year_period(min(school_year_of(day) for day in days)).first_day


_OfPair = TypeVar("_OfPair", Ticket, Notice, Vacancy)


class Named:
    """Finds the programme that is meant where a pair is named."""

    def __init__(self, programmes: Iterable[Programme]) -> None:
        self._of_pair: dict[str, list[tuple[date, str]]] = defaultdict(list)
        for one in programmes:
            if one.first_day is not None:
                self._of_pair[programme_id(one.mentor, one.mentee)].append((one.first_day, one.id))

    def on(self, pair: str, day: date) -> str:
        """Return the id of the pair's programme that began last before a day; what names no pair stays as it is."""
        mine = sorted(self._of_pair.get(pair, ()))
        begun = [id_ for first_day, id_ in mine if first_day <= day]
        return begun[-1] if begun else mine[0][1] if mine else pair

    def rows(self, rows: Iterable[_OfPair]) -> Iterator[_OfPair]:
        """Yield rows of pairs with the programme they mean."""
        for row in rows:
            yield replace(row, programme=self.on(row.programme, row.day))

    def done(self, rows: Iterable[Done]) -> Iterator[Done]:
        """Yield what was done with the programme it was done for."""
        for row in rows:
            yield replace(row, subject=self.on(row.subject, row.covers or row.day))
