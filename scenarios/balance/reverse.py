"""The young teach the experienced new technologies: without it, with it, and with something given back (A-31)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from matcher.errors import Fault, InputError
from matcher.plan import Plan
from matcher.policy import Policy
from matcher.policy_words import KindStanding
from matcher.roster import (
    Approval,
    CompetenceBlock,
    Consent,
    ConsentPurpose,
    Mentee,
    MenteeCategory,
    Mentor,
    MentoringKind,
    PersonKind,
    Request,
    Roster,
    Topic,
)
from matcher.texts import text
from scenarios.balance.options import read_numbers
from scenarios.balance.steps import Step, outcome_of, pair_people
from scenarios.materials import build_materials
from scenarios.outcome import Outcome, Watch
from scenarios.scenario import Files, Run

OPTIONS = {"young": 8, "experienced": 8, "level": 4}
"""How many of the young enter the register of mentors, at which digital level; how many of the experienced ask them."""
_ALL_BUT_REVERSE = tuple(kind for kind in MentoringKind if kind is not MentoringKind.REVERSE)


def compute_reverse(run: Run, files: Files) -> Outcome:
    """Return three rounds of the same people: "classic", "one_way" (reverse pairs alone) and "both_ways".

    In all of them the youngest mentees may be mentors in new technologies, and the oldest mentors ask for that: in
    "classic" nobody works in reverse, in "one_way" the older give nothing back in the pair, in "both_ways" they may.
    ``digital`` counts the requests of the experienced that are covered, ``minutes`` what all pairs together take.

    Raises
    ------
    InputError
        When the inputs or the options have faults, the regulation has no reverse mentoring, or nobody is young enough.
    """
    wanted = read_numbers(run, OPTIONS)
    watch = Watch()
    with watch("materials"):
        given = build_materials(run, files)
        policy = given.policy
        if policy.kind_standing(MentoringKind.REVERSE) is KindStanding.REFUSED:
            cure = text("choose a regulation with the kind reverse")
            raise InputError([Fault("policy.kinds", text("this regulation has no reverse mentoring"), cure)])
        young = youngest(given.roster, policy, wanted["young"])
        older = oldest(given.roster, wanted["experienced"])
        if not young or not older:
            cure = text("change the seed or the size of the roster")
            raise InputError([Fault("roster", text("there is nobody young, or nobody experienced"), cure)])
        roster = with_both_registers(given.roster, young, older, wanted["level"])
    everybody = tuple(one.id for one in roster.people)
    rosters = {
        "classic": limited(roster, everybody, as_mentor=True, as_mentee=True),
        "one_way": limited(roster, older, as_mentor=True),
        "both_ways": roster,
    }
    steps: list[Step] = []
    for name, people in rosters.items():
        with watch("plan"):
            plan = pair_people(run, given, policy=policy, roster=people)
        steps.append(Step(name=name, plan=plan, extra=reverse_measures(plan, older)))
    return outcome_of(run, steps, watch, {"young": len(young), "experienced": len(older)})


def youngest(roster: Roster, policy: Policy, count: int) -> tuple[str, ...]:
    """Return the youngest mentees of the staff who are no mentors yet."""
    mentors = {one.person for one in roster.mentors}
    born = _born(roster)
    wanted = [one.person for one in roster.mentees if not one.is_class and one.person in born.keys() - mentors]
    latest = sorted(wanted, key=lambda id_: (born[id_], id_), reverse=True)[:count]
    last_year = max(born.values(), default=date.min).year
    return tuple(id_ for id_ in latest if last_year - born[id_].year < policy.thresholds.young_age)


def oldest(roster: Roster, count: int) -> tuple[str, ...]:
    """Return the oldest mentors of the staff who ask for nothing yet."""
    mentees = {one.person for one in roster.mentees}
    born = _born(roster)
    wanted = [one.person for one in roster.mentors if one.person in born.keys() - mentees]
    return tuple(sorted(wanted, key=lambda id_: (born[id_], id_))[:count])


def with_both_registers(roster: Roster, young: tuple[str, ...], older: tuple[str, ...], level: int) -> Roster:
    """Return the roster in which the young are mentors in new technologies too, and the older ask for them."""
    mentors = tuple(
        Mentor(
            person=id_,
            results_confirmed=True,
            approvals=tuple(Approval),
            topics=(Topic.DIGITAL,),
            levels={CompetenceBlock.DIGITAL: level},
            max_individual=1,
            kinds=(MentoringKind.REVERSE,),
        )
        for id_ in young
    )
    mentees = tuple(
        Mentee(
            person=id_,
            categories=(MenteeCategory.EXPERIENCED_NEW_APPROACHES,),
            primary_category=MenteeCategory.EXPERIENCED_NEW_APPROACHES,
            max_mentors=1,
            kinds=(MentoringKind.REVERSE, MentoringKind.TRADITIONAL, MentoringKind.SHORT_TERM),
            requests=(Request(topic=Topic.DIGITAL),),
        )
        for id_ in older
    )
    day = min((one.day for one in roster.consents), default=None)
    consents = (
        ()
        if day is None
        else tuple(Consent(person=id_, purpose=what, day=day) for id_ in (*young, *older) for what in ConsentPurpose)
    )
    return replace(
        roster,
        mentors=(*roster.mentors, *mentors),
        mentees=(*roster.mentees, *mentees),
        consents=(*roster.consents, *consents),
    )


def limited(roster: Roster, people: tuple[str, ...], *, as_mentor: bool = False, as_mentee: bool = False) -> Roster:
    """Return the roster in which these people accept every kind they did but the reverse one."""

    def rest(kinds: tuple[MentoringKind, ...]) -> tuple[MentoringKind, ...]:
        return tuple(kind for kind in _ALL_BUT_REVERSE if not kinds or kind in kinds)

    mentors = tuple(
        replace(one, ready=one.ready and bool(rest(one.kinds)), kinds=rest(one.kinds))
        if as_mentor and one.person in people
        else one
        for one in roster.mentors
    )
    mentees = tuple(
        replace(one, kinds=rest(one.kinds)) if as_mentee and one.person in people else one for one in roster.mentees
    )
    return replace(roster, mentors=mentors, mentees=mentees)


def reverse_measures(plan: Plan, older: tuple[str, ...]) -> dict[str, float]:
    """Return reverse pairs, those that work both ways, digital requests covered, and the minutes of all pairs."""
    digital = {
        (pair.mentee, name)
        for pair in plan.pairs
        if pair.mentee in older
        for name in pair.covers
        if name.startswith("request")
    }
    return {
        "reverse": sum(pair.kind is MentoringKind.REVERSE and not pair.counter for pair in plan.pairs)
        + sum(pair.counter for pair in plan.pairs) / 2,
        "both_ways": sum(pair.counter for pair in plan.pairs) / 2,
        "digital": len(digital),
        "minutes": sum(pair.minutes for pair in plan.pairs),
    }


def _born(roster: Roster) -> dict[str, date]:
    """Return when the staff were born, where that is known."""
    staff = (one for one in roster.people if one.person_kind is PersonKind.STAFF)
    return {one.id: one.birth_date for one in staff if one.birth_date is not None}
