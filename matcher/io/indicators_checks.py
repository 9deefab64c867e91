"""What the tables of an ``indicators.toml`` must agree with: the plan, the regulation, each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from matcher.indicators.facts import Question
from matcher.indicators.period import school_year_of
from matcher.io import indicators_document as tables
from matcher.io.headings import near
from matcher.io.policy_tables import Table
from matcher.io.school_year_document import entries
from matcher.io.toml_text import Finding
from matcher.plan import Plan
from matcher.policy_parts import Deadline
from matcher.policy_words import DeadlineWhen, ScopeLevel
from matcher.texts import Text, text

Place = tuple[str | int, ...]

_NAMED = 3


def misfits(document: Mapping[str, Any], plan: Plan) -> Iterator[Finding]:
    """Yield everything that does not agree; in rows whose own shape is wrong, the ids that nobody has."""
    known = _Known(plan, document)
    yield from _organisations(document, known)
    yield from _retention(document, known)
    yield from _owned(document, known)
    yield from _newcomers(document, known)
    yield from _people(document, known)
    yield from _programmes(document, known)
    yield from _pairs(document, known)
    yield from _done(document, known)
    yield from _ids_of_wrong_rows(document, known)


class _Known:
    """Ids of a plan, and those the file adds."""

    def __init__(self, plan: Plan, document: Mapping[str, Any]) -> None:
        roster = plan.roster
        self.own_people = {person.id for person in roster.people}
        self.people = self.own_people | {row.id for _, row in entries(document, "person", tables.PersonTable)}
        self.classes = {one.id for one in roster.classes}
        self.organisations = {one.id for one in roster.organisations}
        self.pairs = {f"{pair.mentor}:{pair.mentee}" for pair in plan.pairs}
        locked = {f"{lock.mentor}:{lock.mentee}" for lock in roster.locks}
        self.deadlines = {rule.id: _binds(rule) for rule in plan.policy.deadlines} | {"replacement": ScopeLevel.PAIR}
        stated = {row.pair for _, row in entries(document, "programme", tables.ProgrammeTable)}
        self.any_pairs = self.pairs | locked | stated
        self.areas = {
            ScopeLevel.ORGANISATION: self.organisations,
            ScopeLevel.MUNICIPALITY: {one.municipality for one in roster.organisations},
            ScopeLevel.REGION: {one.region for one in roster.organisations},
        }

    def person(self, place: Place, id_: str) -> Iterator[Finding]:
        """Yield a finding when nobody has this id."""
        yield from _unknown(place, id_, self.people, _NOBODY)

    def organisation(self, place: Place, id_: str) -> Iterator[Finding]:
        """Yield a finding when no organisation has this id."""
        yield from _unknown(place, id_, self.organisations, _NO_ORGANISATION)

    def pair(self, place: Place, pair: str) -> Iterator[Finding]:
        """Yield findings when a pair does not name two people (or a person and a class)."""
        mentor, colon, mentee = pair.partition(":")
        if not (mentor and colon and mentee):
            yield place, text("two ids with a colon are needed"), text("for example M-1:N-2")
            return
        yield from _unknown(place, mentor, self.people, _NOBODY)
        yield from _unknown(place, mentee, self.people | self.classes, _NOBODY)


def _binds(rule: Deadline) -> ScopeLevel:
    """Return for whom a date is kept: what follows the end of programmes is kept pair by pair."""
    return ScopeLevel.PAIR if rule.when is DeadlineWhen.COMPLETION else rule.level


_NOBODY = text("nobody of the plan has the code {value}")
_NO_ORGANISATION = text("the plan has no organisation {value}")
_NO_PAIR = text("the plan has no pair or group {value}")
_NO_AREA = text("the date does not bind {value}")
_NO_DATE = text("the regulation has no date {value}")


def _unknown(place: Place, value: str, ids: Collection[str], message: Text) -> Iterator[Finding]:
    if value not in ids:
        known = sorted(id_ for id_ in ids if id_)
        names = ", ".join(near(value, known)) or ", ".join(known[:_NAMED])
        cure = text("perhaps {names}", names=names) if names else text("remove the table")
        yield place, Text(message.msgid, {"value": value}), cure


def _organisations(document: Mapping[str, Any], known: _Known) -> Iterator[Finding]:
    seen: set[tuple[str, int]] = set()
    for place, row in entries(document, "organisation", tables.OrganisationTable):
        yield from known.organisation((*place, "id"), row.id)
        if (row.id, row.year) in seen:
            message = text("{id} stands twice for the year {year}", id=row.id, year=row.year)
            yield (*place, "year"), message, text("put both tables together")
        seen.add((row.id, row.year))
        if row.tests is not None and row.tests.passed > row.tests.sat:
            yield (*place, "tests"), *_MORE_PASSED


_MORE_PASSED = (text("more passed than sat"), text("correct one of the two numbers"))


def _retention(document: Mapping[str, Any], known: _Known) -> Iterator[Finding]:
    seen: set[tuple[str, int, int]] = set()
    for place, row in entries(document, "retention", tables.RetentionTable):
        yield from known.organisation((*place, "organisation"), row.organisation)
        if (row.organisation, row.year, row.after) in seen:
            message = text("{id} stands twice for the year {year}", id=row.organisation, year=row.year)
            yield (*place, "after"), message, text("leave one of them")
        seen.add((row.organisation, row.year, row.after))
        if row.stayed > row.hired:
            yield (*place, "stayed"), text("more stayed than were hired"), text("correct one of the two numbers")


def _owned(document: Mapping[str, Any], known: _Known) -> Iterator[Finding]:
    """Yield what is wrong with rows that belong to a mentee or to an organisation."""
    kinds: Mapping[str, type[tables.OwnedTable]] = {
        "exam": tables.ExamTable,
        "marks": tables.MarksTable,
        "olympiad": tables.OlympiadTable,
        "event": tables.EventTable,
    }
    for key, table in kinds.items():
        for place, row in entries(document, key, table):
            if (row.mentee is None) == (row.organisation is None):
                message = text("it is not said whose pupils or events these are, or it is said twice")
                yield place, message, text("write either mentee = … or organisation = …")
            if row.mentee is not None:
                yield from known.person((*place, "mentee"), row.mentee)
            if row.organisation is not None:
                yield from known.organisation((*place, "organisation"), row.organisation)
            if isinstance(row, tables.ExamTable) and row.passed > row.sat:
                yield (*place, "passed"), *_MORE_PASSED


def _newcomers(document: Mapping[str, Any], known: _Known) -> Iterator[Finding]:
    for place, row in entries(document, "person", tables.PersonTable):
        yield from known.organisation((*place, "organisation"), row.organisation)
        if row.id in known.own_people:
            yield (*place, "id"), text("the plan has {id} already", id=row.id), text("remove the table")


def _people(document: Mapping[str, Any], known: _Known) -> Iterator[Finding]:
    asked: set[tuple[str, str, str, int]] = set()
    for place, row in entries(document, "survey", tables.SurveyTable):
        yield from known.person((*place, "person"), row.person)
        key = (row.person, row.side, row.question, row.year)
        if key in asked:
            yield (*place, "person"), text("this answer stands twice"), text("leave one of them")
        asked.add(key)
        if row.question is Question.SATISFACTION and row.end is None:
            yield (*place, "end"), text("satisfaction is asked at the end"), text("for example end = 8")
        elif row.start is None and row.end is None:
            yield (*place, "end"), text("there is no answer"), text("write start, end or both")
    for place, refusal in entries(document, "refusal", tables.RefusalTable):
        yield from known.person((*place, "person"), refusal.person)
    for place, left in entries(document, "left", tables.LeftTable):
        yield from known.person((*place, "person"), left.person)
    for place, veto in entries(document, "veto", tables.VetoTable):
        yield from known.person((*place, "by"), veto.by)
        yield from known.person((*place, "against"), veto.against)


def _programmes(document: Mapping[str, Any], known: _Known) -> Iterator[Finding]:
    seen: set[tuple[str, int | None]] = set()
    for place, row in entries(document, "programme", tables.ProgrammeTable):
        key_of_year = (row.pair, None if row.started is None else school_year_of(row.started))
        if key_of_year in seen:
            yield (*place, "pair"), text("this programme stands twice in one school year"), text("leave one of them")
        seen.add(key_of_year)
        yield from known.pair((*place, "pair"), row.pair)
        if (row.form is None or row.kind is None) and row.pair not in known.pairs:
            message = text("the plan has no such pair, so its form and kind must be said")
            yield (*place, "pair"), message, text('for example form = "teacher_teacher", kind = "traditional"')
        if row.started is None and row.pair not in known.pairs:
            yield (*place, "pair"), text("it is not said when it began"), text("for example started = 2025-10-01")
        for key in ("planned_end", "ended", "full_cycle"):
            day = getattr(row, key)
            if row.started is not None and day is not None and day < row.started:
                message = text("{day} comes before the start", day=f"{day:%d.%m.%Y}")
                yield (*place, key), message, text("correct one of the two days")
        if row.reason is not None and row.ended is None:
            yield (*place, "reason"), text("a reason is given, but no end"), text("for example ended = 2026-05-25")


def _pairs(document: Mapping[str, Any], known: _Known) -> Iterator[Finding]:
    """Yield pairs that neither the plan nor the file has."""
    for key, table in (
        ("conflict", tables.PairDayTable),
        ("notice", tables.NoticeTable),
        ("vacancy", tables.PairDayTable),
    ):
        for place, row in entries(document, key, table):
            yield from _unknown((*place, "pair"), row.pair, known.any_pairs, _NO_PAIR)


def _done(document: Mapping[str, Any], known: _Known) -> Iterator[Finding]:
    for place, row in entries(document, "done", tables.DoneTable):
        if row.deadline not in known.deadlines:
            yield from _unknown((*place, "deadline"), row.deadline, known.deadlines, _NO_DATE)
            continue
        level = known.deadlines[row.deadline]
        subjects = known.any_pairs if level is ScopeLevel.PAIR else known.areas[level]
        yield from _unknown((*place, "subject"), row.subject, subjects, _NO_AREA)


#: Rows by table: their shape, and the keys under which they name people, organisations and pairs.
_NAMES: Mapping[str, tuple[type[Table], tuple[tuple[str, str], ...]]] = {
    "organisation": (tables.OrganisationTable, (("id", "organisation"),)),
    "exam": (tables.ExamTable, (("mentee", "person"), ("organisation", "organisation"))),
    "marks": (tables.MarksTable, (("mentee", "person"), ("organisation", "organisation"))),
    "olympiad": (tables.OlympiadTable, (("mentee", "person"), ("organisation", "organisation"))),
    "event": (tables.EventTable, (("mentee", "person"), ("organisation", "organisation"))),
    "retention": (tables.RetentionTable, (("organisation", "organisation"),)),
    "survey": (tables.SurveyTable, (("person", "person"),)),
    "refusal": (tables.RefusalTable, (("person", "person"),)),
    "left": (tables.LeftTable, (("person", "person"),)),
    "veto": (tables.VetoTable, (("by", "person"), ("against", "person"))),
    "programme": (tables.ProgrammeTable, (("pair", "pair"),)),
    "person": (tables.PersonTable, (("organisation", "organisation"),)),
}


def _ids_of_wrong_rows(document: Mapping[str, Any], known: _Known) -> Iterator[Finding]:
    """Yield unknown ids of rows that have another fault too, so that all faults come at once."""
    check = {"person": known.person, "organisation": known.organisation, "pair": known.pair}
    for key, (table, names) in _NAMES.items():
        rows = document.get(key)
        right = {place for place, _ in entries(document, key, table)}
        for at, row in enumerate(rows if isinstance(rows, list) else ()):
            if (key, at) in right or not isinstance(row, Mapping):
                continue
            for name, sort in names:
                if isinstance(row.get(name), str):
                    yield from check[sort]((key, at, name), row[name])
