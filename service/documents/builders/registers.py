"""Registers (D-14), the statistical sheet (D-15) and the card of the regional network (D-17).

References
----------
C-19; KAL-14, KAL-15, KAL 3.9; DAL-07, DAL-08, DAL 5.2.2; SMO-09; ANU 4.2.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matcher.indicators.period import school_year_of, school_year_period
from matcher.indicators.report import AGES, Participation, count_participants
from matcher.io.speaker import lowered
from service.documents.builders.acts import roadmap_of
from service.documents.material import Material
from service.documents.words import day, listed, long_day, small, word
from service.organisations.details import House
from service.records.banks import WORKING, open_merged_bank
from service.records.monitoring import build_area_facts
from service.records.registers import (
    mentee_register,
    mentor_register,
    partner_register,
    practice_register,
    programme_register,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a register."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """D-14: the five registers of an area, each a list of lines whose cells follow the heads of its table."""

    house: House
    day: str
    mentors: tuple[Row, ...]
    mentees: tuple[Row, ...]
    partners: tuple[Row, ...]
    programmes: tuple[Row, ...]
    practices: tuple[Row, ...]


def build_registers(it: Material) -> Registers:
    """Return the registers of mentors, mentees, partners, programmes and practices."""
    bank = open_merged_bank(it.session, it.vault, it.area, it.today)
    mentors = [
        (
            one.name or one.code,
            one.organisation,
            _position(one.position),
            listed(small("form", form) for form in one.forms),
            listed(small("topic", topic) for topic in one.topics),
            word("mentor_status", one.status),
            day(one.trained_on),
            f"{one.pairs_now} / {one.pairs_over}",
        )
        for one in mentor_register(it.session, bank)
    ]
    mentees = [
        (
            one.name or one.code,
            one.organisation,
            _position(one.position),
            listed(small("category", name) for name in (one.primary_category, *one.categories) if name),
            listed(small("topic", topic) for topic in one.topics),
            f"{one.mentors_now} / {one.pairs_over}",
        )
        for one in mentee_register(bank)
    ]
    partners = [
        (
            one.name,
            word("partner", one.type),
            one.contact or "",
            f"{one.contract} (до {day(one.contract_until)})"
            if one.contract and one.contract_until
            else one.contract or "",
            word("partner_state", one.state),
        )
        for one in partner_register(it.session, it.vault, bank.areas)
    ]
    programmes = [
        (
            one.mentor,
            one.mentee,
            it.form(one.form),
            small("kind", one.kind),
            f"{day(one.first_day)} – {day(one.last_day)}" if one.first_day and one.last_day else "",
            word("programme_state", one.state),
            "да" if one.full_cycle else "",
        )
        for one in programme_register(it.session, bank)
    ]
    practices = [
        (
            one.title,
            it.form(one.form) if one.form else "",
            one.organisation,
            one.problem or "",
            word("practice_state", one.state),
        )
        for one in practice_register(it.session, it.vault, bank.areas)
    ]
    return Registers(
        house=it.house,
        day=long_day(it.today),
        mentors=_rows(mentors),
        mentees=_rows(mentees),
        partners=_rows(partners),
        programmes=_rows(programmes),
        practices=_rows(practices),
    )


def _rows(rows: Iterable[Sequence[str]]) -> tuple[Row, ...]:
    return tuple(Row(number=number, cells=tuple(cells)) for number, cells in enumerate(rows, start=1))


def _position(value: str | None) -> str:
    return lowered(word("position", value))


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """How many people of a sort take part in a form, by age; ``ages`` follow the heads of the table."""

    form: str
    side: str
    kind: str
    ages: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """The lines of one organisation."""

    organisation: str
    rows: tuple[SheetRow, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """D-15: the statistical sheet: participants by form and age."""

    house: House
    regulation: str
    school_year: str
    day: str
    ages: tuple[str, ...]
    parts: tuple[SheetPart, ...]


def build_sheet(it: Material) -> Sheet:
    """Return the number of participants of the school year of the round."""
    year = school_year_of(it.round_.first_day or it.today)
    facts = build_area_facts(it.session, it.vault, it.area, it.policy, it.today, bank=it.bank)
    by_area: dict[str, list[Participation]] = defaultdict(list)
    for one in count_participants(facts, it.policy, school_year_period(year)):
        by_area[one.organisation].append(one)
    names = {id_: area.name for id_, area in it.bank.areas.items()}
    return Sheet(
        house=it.house,
        regulation=it.policy.title,
        school_year=f"{year}/{year + 1}",
        day=long_day(it.today),
        ages=tuple(word("ages", one) for one in AGES),
        parts=tuple(
            SheetPart(
                organisation=names.get(id_, id_),
                rows=tuple(_sheet_rows(it, rows)),
                total=sum(one.people for one in rows),
            )
            for id_, rows in sorted(by_area.items(), key=lambda item: names.get(item[0], item[0]))
        ),
    )


def _sheet_rows(it: Material, rows: Iterable[Participation]) -> Iterable[SheetRow]:
    together: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for one in rows:
        together[str(one.form), str(one.side), str(one.person_kind)][one.ages] += one.people
    for (form, side, kind), ages in together.items():
        yield SheetRow(
            form=it.form(form),
            side=word("side", side),
            kind=word("person_kind", kind),
            ages=tuple(ages[age] for age in AGES),
            total=ages.total(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """D-17: the card of the School of Mentoring for the register of the regional network."""

    house: House
    regulation: str
    day: str
    roadmap: str
    organisations: tuple[str, ...]
    num_mentors: int
    num_mentees: int
    num_pairs: int
    num_over: int
    grounds: tuple[str, ...]
    partners: tuple[str, ...]
    practices: tuple[str, ...]


def build_card(it: Material) -> Card:
    """Return the card; it names nobody but head and curator."""
    bank, roadmap = it.bank, roadmap_of(it)
    working = [pair for pair in bank.pairs if pair.state in WORKING]
    grounds = Counter(small("model", pair.model) or it.form(pair.form) for pair in working)
    return Card(
        house=it.house,
        regulation=it.policy.title,
        day=long_day(it.today),
        roadmap="" if roadmap is None else roadmap.title,
        organisations=tuple(sorted(one.name for one in bank.areas.values() if one.kind == "organisation")),
        num_mentors=len(mentor_register(it.session, bank)),
        num_mentees=len(mentee_register(bank)),
        num_pairs=len(working),
        num_over=sum(pair.state in ("closed", "terminated") for pair in bank.pairs),
        grounds=tuple(f"{title} — {count}" for title, count in sorted(grounds.items())),
        partners=tuple(p.name for p in partner_register(it.session, it.vault, bank.areas) if p.state == "active"),
        practices=tuple(one.title for one in practice_register(it.session, it.vault, bank.areas)),
    )
