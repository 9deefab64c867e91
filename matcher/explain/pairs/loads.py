"""How a plan loads mentors and organisations."""

from __future__ import annotations

from collections import Counter

import numpy as np

from matcher.explain.case import Case
from matcher.explain.findings import MentorLoad, OrganisationBalance
from matcher.explain.search.reach import can_stand
from matcher.roster import Contour

_MINUTES_PER_WEEKLY_HOUR = 240


def mentor_loads(case: Case) -> tuple[MentorLoad, ...]:
    """Return the load of every mentor of the register."""
    return tuple(mentor_load(case, mentor) for mentor in range(case.problem.num_mentors))


def mentor_load(case: Case, mentor: int) -> MentorLoad:
    """Return the load of one mentor; the risk is that of the policy's ``warn_hours``, teaching hours counted in."""
    p, state, columns = case.problem, case.state, case.candidates.columns
    options = state.options_with(mentor)
    able = options[can_stand(state, options)]
    chosen = state.chosen_with(mentor)
    teaching = float(columns.mentors.teaching_hours[mentor])
    hours = (0.0 if np.isnan(teaching) else teaching) + int(state.minutes[mentor]) / _MINUTES_PER_WEEKLY_HOUR
    return MentorLoad(
        mentor=case.mentor_id(mentor),
        organisation=columns.places.id[int(columns.mentors.organisation[mentor])],
        pairs=int(state.pairs[mentor]),
        max_pairs=int(p.max_individual[mentor]),
        groups=int(state.groups[mentor]),
        max_groups=int(p.max_groups[mentor]),
        seats=int((p.group[chosen] >= 0).sum()),
        minutes=int(state.minutes[mentor]),
        max_minutes=int(p.max_minutes[mentor]),
        num_candidates=len(np.unique(p.mentee[able])),
        is_overload_risk=bool(len(chosen)) and hours > columns.policy.load.warn_hours,
    )


def organisation_balance(case: Case) -> tuple[OrganisationBalance, ...]:
    """Return the balance of every organisation that has mentors or mentees."""
    columns, plan = case.candidates.columns, case.plan
    place_of_mentor = dict(zip(columns.mentor_id, columns.mentors.organisation.tolist(), strict=True))
    place_of_mentee = dict(zip(columns.mentee_id, columns.mentees.organisation.tolist(), strict=True))
    mentors, mentees = Counter(place_of_mentor.values()), Counter(place_of_mentee.values())
    served = Counter(place_of_mentee[id_] for id_ in {pair.mentee for pair in plan.pairs})
    inside = {pair.mentee for pair in plan.pairs if pair.contour is Contour.ORGANISATION}
    served_inside = Counter(place_of_mentee[id_] for id_ in inside)
    given = Counter(place_of_mentor[pair.mentor] for pair in plan.pairs)
    guests = Counter(
        place_of_mentor[pair.mentor]
        for pair in plan.pairs
        if place_of_mentor[pair.mentor] != place_of_mentee[pair.mentee]
    )
    places = np.bincount(columns.mentors.organisation, case.problem.max_individual, len(columns.places.id))
    return tuple(
        OrganisationBalance(
            organisation=columns.places.id[at],
            mentors=mentors[at],
            mentees=mentees[at],
            served=served[at],
            served_inside=served_inside[at],
            guests=guests[at],
            pairs_given=given[at],
            places=int(places[at]),
        )
        for at in sorted(mentors.keys() | mentees.keys())
    )
