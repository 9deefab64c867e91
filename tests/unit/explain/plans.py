"""Plans of small hand-made rounds."""

from __future__ import annotations

from typing import Any

from matcher.plan import Plan
from matcher.planning import make_plan
from matcher.roster import MenteeCategory, Topic
from tests.rosters import DAY, MATHS, Round, request

PHYSICS = request(Topic.SUBJECT_CONTENT, "physics")
LITERATURE = request(Topic.SUBJECT_CONTENT, "literature")


def plan_of(here: Round, **changes: Any) -> Plan:
    """Return the plan of a round."""
    return make_plan(here.roster, here.policy, reference_day=DAY, time_limit=30.0, **changes)


def short_of_maths(policy: str = "kalmykia") -> Round:
    """Return four mentees for mathematics, two mathematicians with three places, and a literature teacher with room."""
    here = Round(policy)
    here.mentor("M-1", max_individual=2, max_groups=0).mentor("M-2", max_individual=1, max_groups=0)
    here.mentor("M-3", max_groups=0, subjects=("literature",), topics=(Topic.SUBJECT_CONTENT, Topic.UPBRINGING))
    for number in range(1, 5):
        here.mentee(f"N-{number}", requests=(MATHS, request(Topic.UPBRINGING, priority=3)), max_mentors=1)
    return here


def novice(**changes: Any) -> dict[str, Any]:
    """Return what makes a mentee a novice."""
    return {"categories": (MenteeCategory.NOVICE,), "pedagogical_experience_years": 1, **changes}
