"""The people of an area as its rosters have them, put together from its schools, and who may be entered twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from sqlalchemy import select as pick
from sqlmodel import Session, col, or_, select

from matcher import roster as core
from matcher.errors import Fault
from service.among import among
from service.privacy.allowed import what_people_lack
from service.records.resources import line_of
from service.rounds.people import NOBODY, Known, PersonWords, known_people
from service.rounds.rosters import open_nameless
from service.tables.areas import Area
from service.tables.rounds import Pair, RosterFile, Round
from service.vault import Vault

WORKING = ("active", "prolonged", "aftercare")
OVER = ("closed", "terminated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """The people of an area, as their newest rosters have them; ``withheld`` says whom it does not name, and why."""

    areas: Mapping[str, Area]
    people: Mapping[str, Known]
    words: Mapping[str, PersonWords]
    said: Mapping[str, core.Person]
    mentors: Mapping[str, core.Mentor]
    mentees: Mapping[str, core.Mentee]
    organisations: Mapping[str, core.Organisation]
    pairs: Sequence[Pair]
    class_sizes: Mapping[str, int] = field(default_factory=dict)
    withheld: Mapping[str, Sequence[Fault]] = field(default_factory=dict)


def bank_of_pairs(session: Session, area: Area) -> Bank:
    """Return the pairs of an area and their people, without opening any roster: enough for dates and tasks."""
    areas = areas_below(session, area)
    pairs = pairs_of_areas(session, areas)
    people = known_people(session, (one for pair in pairs for one in (pair.mentor_id, pair.mentee_id)))
    return Bank(
        areas=areas,
        people={id_: one for id_, one in people.items() if one.area_id in areas},
        words={},
        said={},
        mentors={},
        mentees={},
        organisations={},
        pairs=pairs,
    )


def open_bank(session: Session, vault: Vault, area: Area) -> Bank:
    """Return who takes part in mentoring in an area and below it; where rosters differ, the newest counts."""
    areas = areas_below(session, area)
    said: dict[str, core.Person] = {}
    mentors: dict[str, core.Mentor] = {}
    mentees: dict[str, core.Mentee] = {}
    organisations: dict[str, core.Organisation] = {}
    sizes: dict[str, int] = {}
    for row in newest_rosters(session, area, areas):
        classes, roster = open_nameless(vault, row)
        for one in roster.people:
            said.setdefault(one.id, one)
        for mentor in roster.mentors:
            mentors.setdefault(mentor.person, mentor)
        for mentee in roster.mentees:
            mentees.setdefault(classes.get(mentee.person, mentee.person), mentee)
        for school_class in roster.classes:
            if school_class.size is not None and school_class.id in classes:
                sizes.setdefault(classes[school_class.id], school_class.size)
        for organisation in roster.organisations:
            organisations.setdefault(organisation.id, organisation)
    pairs = pairs_of_areas(session, areas)
    wanted = {*mentors, *mentees, *(one for pair in pairs for one in (pair.mentor_id, pair.mentee_id))}
    people = {id_: one for id_, one in known_people(session, wanted).items() if one.area_id in areas}
    return Bank(
        areas=areas,
        people=people,
        words=Words(vault, people),
        said=said,
        mentors=mentors,
        mentees=mentees,
        organisations=organisations,
        pairs=pairs,
        class_sizes=sizes,
    )


def open_merged_bank(session: Session, vault: Vault, area: Area, day: date) -> Bank:
    """Return the same for a register that others read: people of areas below are named only where they consented."""
    bank = open_bank(session, vault, area)
    others = [person for person in bank.people.values() if person.area_id != area.id]
    withheld = what_people_lack(session, others, "municipal_register", day)
    return replace(bank, words=Words(vault, bank.people, withheld), withheld=withheld)


class Words(Mapping[str, PersonWords]):
    """What names people, each opened when first asked for: a register of mentors opens nothing of mentees."""

    def __init__(self, vault: Vault, people: Mapping[str, Known], withheld: Collection[str] = ()) -> None:
        self._vault, self._people = vault, people
        self._opened = dict.fromkeys(withheld, NOBODY)

    def __getitem__(self, id_: str) -> PersonWords:
        """Return what names somebody of these people."""
        if id_ not in self._opened:
            self._opened[id_] = self._people[id_].words(self._vault)
        return self._opened[id_]

    def __iter__(self) -> Iterator[str]:
        """Go through the ids."""
        return iter(self._people)

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self._people)


def areas_below(session: Session, area: Area) -> dict[str, Area]:
    """Return an area and all below it."""
    found = session.exec(select(Area).where(col(Area.path).startswith(area.path, autoescape=True)))
    return {one.id: one for one in found}


def newest_rosters(session: Session, area: Area, areas: Collection[str]) -> list[RosterFile]:
    """Return the newest roster of every area that may speak of these people, the newest first."""
    found = session.exec(
        select(RosterFile.id, RosterFile.area_id, RosterFile.is_made_up)
        .where(among(RosterFile.area_id, {*areas, *line_of(area)}))
        .order_by(col(RosterFile.created_at).desc())
    )
    lines = found.all()
    newest: dict[str, str] = {}
    for id_, area_id, _ in [line for line in lines if not line[2]] or lines:  # a trial hides nobody who is real
        newest.setdefault(area_id, id_)
    rows = {row.id: row for row in session.exec(select(RosterFile).where(among(RosterFile.id, newest.values())))}
    return [rows[id_] for id_ in newest.values()]


def pairs_of_areas(session: Session, areas: Iterable[str]) -> list[Pair]:
    """Return the pairs that have a side in one of these areas, to be read only: a city has too many for whole rows.

    Pairs of made-up people are among them only where nobody real is known yet.
    """
    own = list(areas)
    either = or_(among(Pair.mentor_area_id, own), among(Pair.mentee_area_id, own))
    columns = [col(getattr(Pair, name)) for name in Pair.model_fields]
    found = cast(list[Pair], session.execute(pick(*columns).where(either)).all())
    return _without_trials(session, found, own)


def _without_trials(session: Session, pairs: list[Pair], areas: Collection[str]) -> list[Pair]:
    made_up = select(Round.id).join(RosterFile, col(RosterFile.id) == Round.roster_id).where(col(RosterFile.is_made_up))
    trials = set(session.exec(made_up))
    real = [pair for pair in pairs if pair.round_id not in trials]
    if real or len(real) == len(pairs):
        return real
    known = select(RosterFile.id).where(among(RosterFile.area_id, areas), col(RosterFile.is_made_up).is_(False))
    return pairs if session.exec(known.limit(1)).first() is None else []


def folded(name: str) -> str:
    """Return a name as it is compared: small letters, ё as е, one blank between words, no dots.

    >>> folded("  Ёлкина-Петрова А.П. ")
    'елкина петрова а п'
    """
    return " ".join(re.sub(r"[\W_]+", " ", name.casefold().replace("ё", "е")).split())


def doubles_of(people: Mapping[str, PersonWords]) -> dict[str, list[str]]:
    """Return for everybody who seems to be entered twice the ids of the other entries."""
    return same_names(
        (id_, (folded(words.name), words.birth_date))
        for id_, words in people.items()
        if words.name and words.birth_date is not None
    )


def same_names(named: Iterable[tuple[str, object]]) -> dict[str, list[str]]:
    """Return for every id whose name others have too the ids of these others."""
    together: dict[object, list[str]] = defaultdict(list)
    for id_, name in named:
        together[name].append(id_)
    return {id_: [one for one in ids if one != id_] for ids in together.values() if len(ids) > 1 for id_ in ids}
