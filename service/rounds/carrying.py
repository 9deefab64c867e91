"""What a round leaves open goes into the next one: who has no mentor, and requests no mentor of his covers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlmodel import col, select

from matcher.errors import Fault
from matcher.roster import Mentee, Roster
from matcher.texts import text
from service.errors import wrong_input
from service.rounds.life import LIVE, OPEN
from service.rounds.pair_list import open_tasks
from service.rounds.rosters import ids_of, keep_roster, open_roster
from service.tables.areas import Area
from service.tables.rounds import Pair, RosterFile, Round
from service.work import Work

_WORKED = (*OPEN, *LIVE, "closed")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMentee:
    """A mentee with something left: ``covered`` are the requests (by place) a mentor of his covers already."""

    code: str
    name: str
    has_mentor: bool
    covered: frozenset[int]
    num_open: int


def open_mentees(work: Work, round_: Round) -> list[OpenMentee]:
    """Return the mentees of a round who have no mentor, or requests nobody covers; those without one first."""
    row = work.session.get_one(RosterFile, round_.roster_id)
    roster = open_roster(work.session, work.core.vault, row)
    ids = ids_of(work.session, work.core.vault, row)
    covered: dict[str, set[int]] = {}
    wanted = select(Pair).where(Pair.round_id == round_.id, col(Pair.state).in_(_WORKED))
    for pair in work.session.exec(wanted):
        own = covered.setdefault(pair.mentee_id, set())
        own.update(int(name.partition(":")[2]) for name in pair.covers if name.startswith("request:"))
    waiting = {pair.mentee_id for _, pair in open_tasks(work.session, round_)}
    names = {person.id: person.name for person in roster.people}
    found = []
    for mentee in roster.mentees:
        id_ = ids[mentee.person]
        has_mentor = id_ in covered and id_ not in waiting
        left = [at for at in range(len(mentee.requests)) if not has_mentor or at not in covered[id_]]
        if left or not has_mentor:
            name = names.get(mentee.person) or mentee.person
            known = frozenset(covered[id_]) if has_mentor else frozenset()
            found.append(
                OpenMentee(code=mentee.person, name=name, has_mentor=has_mentor, covered=known, num_open=len(left))
            )
    return sorted(found, key=lambda one: (one.has_mentor, one.name))


def carried(roster: Roster, chosen: Mapping[str, Collection[int]]) -> Roster:
    """Return the roster of the next round: everybody, all mentors, and the mentees chosen with what is left open.

    Decisions of the round that ends (locks, rules lifted) do not go along; words of people on each other do.
    """

    def left(mentee: Mentee) -> Mentee:
        covered = chosen[mentee.person]
        kept = tuple(one for at, one in enumerate(mentee.requests) if at not in covered)
        return replace(mentee, requests=kept or mentee.requests)

    mentees = tuple(left(one) for one in roster.mentees if one.person in chosen)
    return replace(roster, mentees=mentees, locks=(), overrides=())


def carry_over(work: Work, round_: Round, codes: Collection[str], name: str) -> RosterFile:
    """Keep the roster of the next round with the mentees chosen; in the transaction of the work.

    Raises
    ------
    Problem
        422 where nobody is chosen who has something open.
    """
    chosen = {one.code: one.covered for one in open_mentees(work, round_) if one.code in codes}
    if not chosen:
        raise wrong_input([Fault("mentee", text("choose somebody who goes on into the next round"))])
    row = work.session.get_one(RosterFile, round_.roster_id)
    roster = carried(open_roster(work.session, work.core.vault, row), chosen)
    area = work.session.get_one(Area, row.area_id)
    kept = keep_roster(work.session, work.core.vault, area, roster, name=name, remarks=[], by=work.viewer.actor)
    kept.is_made_up = row.is_made_up
    work.session.add(kept)
    return kept
