"""A school year of one school, put together one thing at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from matcher.indicators.counting import Figure, count_indicators
from matcher.indicators.facts import (
    Count,
    Facts,
    Participant,
    Programme,
    Quantity,
    Question,
    Side,
    SurveyAnswer,
)
from matcher.indicators.period import school_year_period
from matcher.io.policy_toml import read_policy
from matcher.policy import Policy
from matcher.roster import MentoringForm, MentoringKind, Organisation, PersonKind

YEAR = 2025
PERIOD = school_year_period(YEAR)
DAL = read_policy("dalnerechensk")
STARTED = date(2025, 10, 1)
ENDED = date(2026, 5, 25)


class Town:
    """Facts of the school year 2025/26 and the years round it; everybody is of school S-1 unless a test says so."""

    def __init__(self, *schools: Organisation) -> None:
        default = Organisation(id="S-1", municipality="Town", region="Region", pupils=200, staff=40)
        self.facts = Facts(organisations=schools or (default,))

    def add(self, **rows: Any) -> Town:
        self.facts = replace(self.facts, **{name: (*getattr(self.facts, name), *new) for name, new in rows.items()})
        return self

    def teacher(self, id_: str, **changes: Any) -> Town:
        usual = {"organisation": "S-1", "birth_date": date(1980, 5, 1), "career_start": date(2003, 9, 1)}
        return self.add(people=[Participant(id=id_, **{**usual, **changes})])

    def young(self, id_: str, **changes: Any) -> Town:
        """Add a teacher of 27 in the second year of work."""
        usual = {"birth_date": date(1998, 5, 1), "career_start": date(2024, 9, 1)}
        return self.teacher(id_, **{**usual, **changes})

    def pupil(self, id_: str, **changes: Any) -> Town:
        usual = {"organisation": "S-1", "person_kind": PersonKind.PUPIL, "birth_date": date(2013, 5, 1)}
        return self.add(people=[Participant(id=id_, **{**usual, **changes})])

    def school_class(self, id_: str, size: int | None, **changes: Any) -> Town:
        usual = {"organisation": "S-1", "person_kind": PersonKind.PUPIL, "is_class": True, "class_size": size}
        return self.add(people=[Participant(id=id_, **{**usual, **changes})])

    def programme(self, mentor: str, mentee: str, *, full: bool = False, **changes: Any) -> Town:
        usual: dict[str, Any] = {
            "id": f"{mentor}:{mentee}",
            "form": MentoringForm.TEACHER_TEACHER,
            "kind": MentoringKind.TRADITIONAL,
            "first_day": STARTED,
            "last_day": date(2026, 5, 31),
        }
        if full:
            usual |= {"end_day": ENDED, "full_cycle_day": ENDED}
        return self.add(programmes=[Programme(mentor=mentor, mentee=mentee, **{**usual, **changes})])

    def given(self, quantity: Quantity, value: float, year: int = YEAR, detail: str = "", school: str = "S-1") -> Town:
        row = Count(organisation=school, quantity=quantity, school_year=year, value=Fraction(value), detail=detail)
        return self.add(counts=[row])

    def answer(
        self, person: str, question: Question, start: float | None, end: float | None, side: Side = Side.MENTEE
    ) -> Town:
        row = SurveyAnswer(person=person, side=side, question=question, school_year=YEAR, start=start, end=end)
        return self.add(surveys=[row])

    def figures(self, id_: str, policy: Policy = DAL) -> dict[str, Figure]:
        """Return the figures of one indicator by part."""
        return {one.part: one for one in count_indicators(self.facts, policy, PERIOD, [id_]).figures()}

    def value(self, id_: str, part: str = "", policy: Policy = DAL) -> float | None:
        return self.figures(id_, policy)[part].value

    def lacking(self, id_: str, part: str = "") -> list[str]:
        return [str(one.what) for one in self.figures(id_)[part].missing]
