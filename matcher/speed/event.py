"""From a roster to a speed event: who takes part, who may meet whom, how much each meeting is wanted.

A *speed event* brings together those who want each other: a want is what the two have written into their wishes, in
tenths. A *round of acquaintance* (``candidates``) brings each mentee together with that many possible mentors of the
regulation, the best by its criteria, before anybody is paired. Its meetings are no speed mentoring, so HR-09 (a mentor
of higher level) is not asked in it; it is asked in a speed event under a regulation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.errors import Fault, InputError
from matcher.policy import Policy
from matcher.policy_words import KindStanding
from matcher.roster import MentoringKind, MentorStatus, Roster
from matcher.speed.pairs import MayMeet, among_registers, candidates_of, under_regulation
from matcher.speed.problem import MOST_ROUNDS, SpeedProblem
from matcher.texts import Text, text, text_n

IntArray = NDArray[np.int64]
_AWAY = (MentorStatus.NOMINATED, MentorStatus.PAUSED, MentorStatus.LEFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSettings:
    """What the organiser decides.

    ``candidates`` makes it a round of acquaintance with so many meetings of each mentee. ``least`` meetings of each
    mentee come before wants; ``most_mentor`` and ``most_mentee`` cap the meetings of a person (None: the rounds);
    ``fill`` gives free places to pairs nobody asked for. ``absent`` stay away. Whoever is in both registers takes part
    as a mentor, unless named in ``as_mentee``.
    """

    num_rounds: int
    num_tables: int
    candidates: int | None = None
    least: int = 0
    most_mentor: int | None = None
    most_mentee: int | None = None
    fill: bool = False
    absent: tuple[str, ...] = ()
    as_mentee: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpeedEvent:
    """An event ready to be planned: the problem, the people behind its indices, and what people should know."""

    settings: EventSettings
    policy_id: str | None
    mentor_id: tuple[str, ...]
    mentee_id: tuple[str, ...]
    problem: SpeedProblem
    notes: tuple[Text, ...] = ()


def build_event(
    roster: Roster, settings: EventSettings, policy: Policy | None = None, *, reference_day: date | None = None
) -> SpeedEvent:
    """Return the event of a roster; without a policy everybody may meet everybody who has not refused.

    Raises
    ------
    InputError
        When the settings contradict each other, name nobody of the roster, or the policy has no speed meetings.
    """
    if faults := _faults(roster, settings, policy):
        raise InputError(faults)
    notes: list[Text] = []
    sides = _take_part(roster, settings, notes)
    if policy is None:
        pairs = among_registers(roster, *sides, with_unwanted=settings.fill)
    elif settings.candidates is None:
        if _standing(policy) is KindStanding.WARN:
            notes.append(text("the regulation does not name speed mentoring among its kinds"))
        pairs = under_regulation(roster, policy, *sides, with_unwanted=settings.fill, reference_day=reference_day)
    else:
        pairs = candidates_of(roster, policy, *sides, reference_day=reference_day)
        notes.append(text("this is a round of acquaintance: a mentor need not be of a higher level (HR-09) in it"))
    return SpeedEvent(
        settings=settings,
        policy_id=None if policy is None else policy.id,
        mentor_id=pairs.mentor_id,
        mentee_id=pairs.mentee_id,
        problem=_problem(pairs, settings),
        notes=(*notes, *pairs.notes),
    )


def _problem(pairs: MayMeet, settings: EventSettings) -> SpeedProblem:
    rounds, candidates = settings.num_rounds, settings.candidates
    most_mentee = rounds if settings.most_mentee is None else settings.most_mentee
    return SpeedProblem(
        num_mentors=len(pairs.mentor_id),
        num_mentees=len(pairs.mentee_id),
        num_rounds=rounds,
        num_tables=settings.num_tables,
        mentor=pairs.mentor,
        mentee=pairs.mentee,
        want=pairs.want,
        max_mentor_meetings=np.full(
            len(pairs.mentor_id), rounds if settings.most_mentor is None else settings.most_mentor, dtype=np.int64
        ),
        max_mentee_meetings=np.full(
            len(pairs.mentee_id), most_mentee if candidates is None else candidates, dtype=np.int64
        ),
        least=settings.least if candidates is None else candidates,
        fill=settings.fill,
    )


def _faults(roster: Roster, settings: EventSettings, policy: Policy | None) -> list[Fault]:
    known = {person.id for person in roster.people}
    mentees = {mentee.person for mentee in roster.mentees}
    faults = [
        Fault("--absent", text("nobody has the code {id}", id=id_), text("check the code in the sheet of people"))
        for id_ in settings.absent
        if id_ not in known
    ]
    faults += [
        Fault("--as-mentee", text("no mentee has the code {id}", id=id_), text("check the code in the sheet of people"))
        for id_ in settings.as_mentee
        if id_ not in mentees
    ]
    faults += [
        Fault(f"--{name.replace('_', '-')}", text("more than there are rounds"), text("add rounds, or ask for fewer"))
        for name in ("candidates", "least")
        if (getattr(settings, name) or 0) > settings.num_rounds
    ]
    if settings.num_rounds > MOST_ROUNDS:
        faults.append(Fault("--rounds", text("at most {most} rounds", most=MOST_ROUNDS)))
    if settings.candidates is None:
        if settings.most_mentee is not None and settings.least > settings.most_mentee:
            faults.append(Fault("--least", text("more than --mentee-most allows"), text("make one of them fit")))
        if policy is not None and _standing(policy) is KindStanding.REFUSED:
            cure = text("leave --policy out, or make it a round of acquaintance with --candidates")
            faults.append(Fault("--policy", text("this regulation has no speed mentoring"), cure))
        return faults
    if policy is None:
        faults.append(Fault("--candidates", text("candidates come from a regulation"), text("add --policy P")))
    faults += [
        Fault(f"--{name}", text("this does not go with --candidates"), text("leave one of them out"))
        for name, given in (
            ("least", settings.least > 0),
            ("mentee-most", settings.most_mentee is not None),
            ("fill", settings.fill),
        )
        if given
    ]
    return faults


def _standing(policy: Policy) -> KindStanding:
    has_pattern = MentoringKind.SPEED in policy.patterns
    return policy.kind_standing(MentoringKind.SPEED) if has_pattern else KindStanding.REFUSED


def _take_part(roster: Roster, settings: EventSettings, notes: list[Text]) -> tuple[list[str], list[str]]:
    """Return the ids of mentors and mentees who take part, ascending."""
    absent = set(settings.absent)
    here = [m for m in roster.mentors if m.ready and m.status not in _AWAY and m.person not in absent]
    people = [m for m in roster.mentees if not m.is_class and m.person not in absent]
    classes = sum(m.is_class for m in roster.mentees)
    notes += _counted(classes, text_n("{count} class stays away", "{count} classes stay away", count=classes))
    mentors, mentees = {m.person for m in here}, {m.person for m in people}
    both = mentors & mentees
    as_mentee = both & set(settings.as_mentee)
    as_mentor = both - as_mentee
    notes += _counted(
        len(as_mentor),
        text_n(
            "{count} person of both registers takes part as a mentor: {names}",
            "{count} people of both registers take part as mentors: {names}",
            count=len(as_mentor),
            names=", ".join(sorted(as_mentor)),
        ),
    )
    return sorted(mentors - as_mentee), sorted(mentees - as_mentor)


def _counted(count: int, note: Text) -> Iterable[Text]:
    return [note] if count else []
