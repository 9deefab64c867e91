"""Small rounds built up by hand, one person at a time."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import numpy as np

from matcher.candidates.build import Candidates, build_candidates
from matcher.candidates.refusals import explain_refusals
from matcher.io.policy_toml import read_policy
from matcher.pairing.result import PairingResult
from matcher.pairing.solve import solve_pairing
from matcher.policy import Policy
from matcher.roster import (
    Approval,
    CompetenceBlock,
    Mentee,
    Mentor,
    Organisation,
    Person,
    PersonKind,
    Request,
    Roster,
    SchoolClass,
    Topic,
)
from matcher.timegrid import Busy

DAY = date(2026, 9, 1)
_PERSON = {field.name for field in fields(Person)}
MATHS = Request(topic=Topic.SUBJECT_CONTENT, subject="mathematics")


def request(topic: Topic, subject: str | None = None, priority: int = 1) -> Request:
    return Request(topic=topic, subject=subject, priority=priority)


class Round:
    """A round under one policy: mentors and mentees of school S-1 who fit each other unless a test says otherwise."""

    def __init__(self, policy: str | Policy = "kalmykia") -> None:
        self.policy = read_policy(policy) if isinstance(policy, str) else policy
        self.roster = Roster(organisations=(Organisation(id="S-1", municipality="Town", region="Region"),))

    def change(self, **policy_changes: Any) -> Round:
        self.policy = replace(self.policy, **policy_changes)
        return self

    def add(self, **lists: Any) -> Round:
        """Append rows to the lists of the roster."""
        self.roster = replace(
            self.roster, **{name: (*getattr(self.roster, name), *rows) for name, rows in lists.items()}
        )
        return self

    def mentor(self, id_: str = "M-1", **changes: Any) -> Round:
        person: dict[str, Any] = {
            "id": id_,
            "organisation": "S-1",
            "birth_date": date(1978, 3, 1),
            "pedagogical_experience_years": 20,
            "subjects": ("mathematics",),
            "position_since": date(2010, 9, 1),
            "organisation_since": date(2010, 9, 1),
        }
        mentor: dict[str, Any] = {
            "person": id_,
            "results_confirmed": True,
            "approvals": tuple(Approval),
            "topics": tuple(Topic),
            "levels": dict.fromkeys(CompetenceBlock, 4),
        }
        self._split(changes, person, mentor)
        return self.add(people=[Person(**person)], mentors=[Mentor(**mentor)])

    def mentee(self, id_: str = "N-1", **changes: Any) -> Round:
        person: dict[str, Any] = {
            "id": id_,
            "organisation": "S-1",
            "birth_date": date(1990, 3, 1),
            "pedagogical_experience_years": 10,
            "subjects": ("mathematics",),
            "position_since": date(2016, 9, 1),
            "organisation_since": date(2016, 9, 1),
            "pedagogical_education": True,
        }
        mentee: dict[str, Any] = {"person": id_, "requests": (MATHS,)}
        self._split(changes, person, mentee)
        known = {person.id for person in self.roster.people}
        return self.add(people=[] if id_ in known else [Person(**person)], mentees=[Mentee(**mentee)])

    def pupil(self, id_: str = "N-1", **changes: Any) -> Round:
        """Add a pupil who needs a mentor, twelve years old, in grade 6."""
        usual = {"person_kind": PersonKind.PUPIL, "birth_date": date(2014, 3, 1), "grade": 6, "subjects": ()}
        return self.mentee(id_, **{**usual, "pedagogical_experience_years": None, "position": "pupil", **changes})

    def pupil_mentor(self, id_: str = "M-1", **changes: Any) -> Round:
        """Add a pupil who mentors, in grade 9."""
        usual = {"person_kind": PersonKind.PUPIL, "birth_date": date(2011, 3, 1), "grade": 9, "subjects": ()}
        return self.mentor(id_, **{**usual, "pedagogical_experience_years": None, "position": "pupil", **changes})

    def school_class(self, id_: str = "6A", *, grade: int = 6, size: int = 25, **changes: Any) -> Round:
        """Add a class that needs a mentor."""
        self.add(classes=[SchoolClass(id=id_, organisation="S-1", grade=grade, size=size)])
        usual = {"requests": (request(Topic.UPBRINGING),), "person": id_, "is_class": True}
        return self.add(mentees=[Mentee(**{**usual, **changes})])

    @staticmethod
    def _split(changes: dict[str, Any], person: dict[str, Any], side: dict[str, Any]) -> None:
        for name, value in changes.items():
            (person if name in _PERSON else side)[name] = value

    def build(self, busy: Busy | None = None, **kwargs: Any) -> Candidates:
        return build_candidates(self.roster, self.policy, busy, reference_day=DAY, **kwargs)

    def refusals(self, mentor: str = "M-1", mentee: str = "N-1") -> list[str]:
        """Return the ids of the rules that refuse a pair."""
        columns = self.build().columns
        found = explain_refusals(columns, columns.mentor_of[mentor], columns.mentee_of[mentee])
        return list(dict.fromkeys(refusal.rule for refusal in found))

    def options(self, mentor: str = "M-1", mentee: str = "N-1") -> list[int]:
        """Return the options of a pair."""
        return options_of(self.build(), mentor, mentee)

    def solve(self, busy: Busy | None = None, **kwargs: Any) -> tuple[Candidates, PairingResult]:
        """Build the round and solve it."""
        candidates = self.build(busy, **kwargs)
        return candidates, solve_pairing(candidates.problem, time_limit=30.0)

    def pairs(self, busy: Busy | None = None, **kwargs: Any) -> set[tuple[str, str]]:
        """Return who works with whom in the best plan."""
        candidates, result = self.solve(busy, **kwargs)
        chosen = result.pairing
        return {
            (candidates.columns.mentor_id[m], candidates.columns.mentee_id[n])
            for m, n in zip(chosen.mentor.tolist(), chosen.mentee.tolist(), strict=True)
        }


def options_of(candidates: Candidates, mentor: str, mentee: str) -> list[int]:
    """Return the options of a pair."""
    columns, options = candidates.columns, candidates.options
    mine = (options.mentor == columns.mentor_of[mentor]) & (options.mentee == columns.mentee_of[mentee])
    found: list[int] = np.flatnonzero(mine).tolist()
    return found
