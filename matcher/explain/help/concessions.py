"""The same round with concessions in it: rules lifted for single pairs, new mentors who do not exist yet."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.candidates.build import Candidates
from matcher.explain.case import Case, rebuilt
from matcher.explain.findings import NEWCOMER
from matcher.explain.search.exchange import Outcome
from matcher.explain.search.occupancy import Occupancy
from matcher.pairing.result import Pairing
from matcher.pairing.verify import level_values
from matcher.roster import (
    Approval,
    CompetenceBlock,
    Consent,
    ConsentPurpose,
    Mentor,
    MentorSource,
    Override,
    Person,
    Qualification,
    Roster,
    Topic,
)

IntArray = NDArray[np.int64]
_MOST_LEVEL = 4
_EXPERIENCE_YEARS = 15
_BIRTH_YEARS_AGO = 42


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Newcomer:
    """A mentor who is looked for: able in everything, of one subject (None: of any), in one organisation."""

    organisation: str
    subject: str | None
    topic: Topic | None
    is_head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conceded:
    """A round with concessions and the present pairing in it.

    ``option_of`` maps (mentor id, mentee id) of a lifted pair or a newcomer's pair to the individual options it brings,
    by index in this round; ``is_new`` is the mask of all options that stand on a concession. ``newcomer_id`` says under
    which id each newcomer stands.
    """

    candidates: Candidates
    before: Outcome
    state: Occupancy
    is_new: NDArray[np.bool_]
    newcomer_id: dict[Newcomer, str]

    def options_of(self, mentor: str, mentee: str) -> IntArray:
        """Return the individual options of two people that may stand alone, best as they come."""
        columns, p = self.candidates.columns, self.candidates.problem
        mine = self.state.options_of(columns.mentee_of[mentee])
        wanted = (p.mentor[mine] == columns.mentor_of[mentor]) & (p.group[mine] < 0)
        if p.extra is not None:
            wanted &= ~p.extra[mine]
        found: IntArray = mine[wanted]
        return found


def concede(
    case: Case,
    overrides: Iterable[Override] = (),
    newcomers: Iterable[Newcomer] = (),
    *,
    any_kind: Container[str] = (),
) -> Conceded | None:
    """Return the round with these concessions; None where it leaves out something the present plan has.

    The latter can happen only where the round is so large that possible groups are left out of it. The mentees of
    ``any_kind`` (ids) accept every kind.
    """
    lifted = tuple(overrides)
    wanted = sorted(set(newcomers), key=lambda n: (n.organisation, n.subject or "", n.topic or "", n.is_head))
    ids = {newcomer: f"{NEWCOMER} {number}" for number, newcomer in enumerate(wanted, start=1)}
    roster = with_newcomers(case.plan.roster, ids, case.plan.reference_day)
    mentees = tuple(replace(m, kinds=()) if m.person in any_kind else m for m in roster.mentees)
    roster = replace(roster, overrides=(*roster.overrides, *lifted), mentees=mentees)
    candidates = rebuilt(case.plan, roster)
    pairing = _moved(case, candidates)
    if pairing is None:
        return None
    return Conceded(
        candidates=candidates,
        before=Outcome(pairing=pairing, values=level_values(candidates.problem, pairing)),
        state=Occupancy.of(candidates.problem, pairing),
        is_new=_new_options(candidates, lifted, set(ids.values())),
        newcomer_id=ids,
    )


def with_newcomers(roster: Roster, ids: dict[Newcomer, str], day: date) -> Roster:
    """Return the roster with newcomers under these ids, with everything a mentor needs to be allowed on ``day``."""
    people = tuple(_person(newcomer, id_, day) for newcomer, id_ in ids.items())
    mentors = tuple(_mentor(newcomer, id_, day) for newcomer, id_ in ids.items())
    consents = tuple(
        Consent(person=id_, purpose=purpose, day=day) for id_ in ids.values() for purpose in ConsentPurpose
    )
    return replace(
        roster,
        people=(*roster.people, *people),
        mentors=(*roster.mentors, *mentors),
        consents=(*roster.consents, *consents),
    )


def _person(newcomer: Newcomer, id_: str, day: date) -> Person:
    return Person(
        id=id_,
        organisation=newcomer.organisation,
        position="head" if newcomer.is_head else "teacher",
        birth_date=date(day.year - _BIRTH_YEARS_AGO, 1, 1),
        pedagogical_experience_years=_EXPERIENCE_YEARS,
        pedagogical_education=True,
        qualification=Qualification.HIGHEST,
        subjects=() if newcomer.subject is None else (newcomer.subject,),
    )


def _mentor(newcomer: Newcomer, id_: str, day: date) -> Mentor:
    return Mentor(
        person=id_,
        source=MentorSource.HEAD if newcomer.is_head else MentorSource.STAFF,
        results_confirmed=True,
        approvals=tuple(Approval),
        topics=tuple(Topic),
        levels=dict.fromkeys(CompetenceBlock, _MOST_LEVEL),
        community_leader=True,
        tutor_role=True,
        ovz_course_completed=True,
        mentor_training_day=day,
        high_results=True,
    )


def _moved(case: Case, candidates: Candidates) -> Pairing | None:
    """Return the present pairing in the options of another round of the same people."""
    old, new = case.candidates, candidates
    start = np.searchsorted(new.options.mentee, np.arange(new.columns.num_mentees + 1))
    group_of = {key: at for at, key in enumerate(_group_keys(new))}
    old_keys = _group_keys(old)
    chosen = []
    for option in case.pairing.option.tolist():
        mentor, mentee = case.ids_of(option)
        row = new.columns.mentee_of[mentee]
        mine = np.arange(start[row], start[row + 1])
        group = int(old.options.group[option])
        group = -1 if group < 0 else group_of.get(old_keys[group], -2)
        mine = mine[new.options.mentor[mine] == new.columns.mentor_of[mentor]]
        mine = mine[(new.options.sort[mine] == old.options.sort[option]) & (new.options.group[mine] == group)]
        if not len(mine):
            return None
        chosen.append(int(mine[0]))
    groups = [group_of[old_keys[group]] for group in case.pairing.open_group.tolist()]
    return Pairing.of(new.problem, chosen, groups, case.pairing.slot)


def _group_keys(candidates: Candidates) -> list[tuple[str, object, int]]:
    """Return what a group is, whatever its index: mentor, theme, form."""
    groups, mentor_id = candidates.groups, candidates.columns.mentor_id
    return [
        (mentor_id[mentor], groups.themes[theme], form)
        for mentor, theme, form in zip(groups.mentor.tolist(), groups.theme.tolist(), groups.form.tolist(), strict=True)
    ]


def _new_options(candidates: Candidates, lifted: tuple[Override, ...], newcomers: set[str]) -> NDArray[np.bool_]:
    columns, options = candidates.columns, candidates.options
    keys = [
        columns.mentor_of[o.mentor] * columns.num_mentees + columns.mentee_of[o.mentee]
        for o in lifted
        if o.mentor is not None and o.mentee is not None
    ]
    key = options.mentor * columns.num_mentees + options.mentee
    strangers = [columns.mentor_of[id_] for id_ in newcomers]
    return np.isin(key, np.array(keys, dtype=np.int64)) | np.isin(options.mentor, strangers)
