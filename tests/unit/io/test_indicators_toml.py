"""``indicators.toml``: what is read, and every fault at once."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from matcher.errors import Fault, InputError
from matcher.indicators.facts import Quantity, Question, RefusalOf, Side, SwotSide
from matcher.indicators.inputs import Inputs
from matcher.io.indicators_example import indicators_example
from matcher.io.indicators_toml import parse_indicators, read_indicators
from matcher.plan import Plan, make_plan
from matcher.policy_words import EndReason
from matcher.roster import MentoringForm
from tests.rosters import Round


@pytest.fixture(name="plan", scope="module")
def _plan() -> Plan:
    made = Round("dalnerechensk").mentor().mentee()
    return make_plan(made.roster, made.policy, reference_day=date(2026, 9, 1), time_limit=5)


def read(content: str, plan: Plan) -> Inputs:
    return parse_indicators(content, "i.toml", plan)


def faults(content: str, plan: Plan) -> list[Fault]:
    with pytest.raises(InputError) as caught:
        read(content, plan)
    return list(caught.value.faults)


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_example_is_read_whole(plan: Plan, lang: str) -> None:
    example = indicators_example(lang).replace("O-1", "S-1")  # type: ignore[arg-type]
    found = read(example, plan)
    given = {(one.quantity, one.detail): (one.organisation, one.school_year, one.value) for one in found.counts}
    assert given[Quantity.PUPILS, ""] == ("S-1", 2025, 640)
    assert given[Quantity.PROJECTS_DONE, ""] == ("S-1", 2025, 3)
    assert given[Quantity.EXAM_PASSED, "oge"] == ("S-1", 2025, 23)  # of the mentee's school
    assert given[Quantity.MARKS_TOTAL, ""] == ("S-1", 2025, Fraction(1066, 10))
    assert given[Quantity.EVENTS, "contest"][2] == 2
    assert {quantity for quantity, _ in given} == set(Quantity)
    (answer,) = found.surveys
    assert (answer.side, answer.question, answer.start, answer.end) == (Side.MENTEE, Question.MOTIVATION, 4, 8)
    (note,) = found.programmes
    assert (note.mentor, note.mentee, note.form) == ("M-1", "N-1", MentoringForm.TEACHER_TEACHER)
    assert (note.first_day, note.end_day, note.end_reason) == (
        date(2025, 10, 1),
        date(2026, 5, 25),
        EndReason.COMPLETED,
    )
    assert (note.sessions_held, note.sessions_logged, note.reports) == (15, 15, ("…", "…"))
    assert [one.side for one in found.statements] == [SwotSide.STRENGTH, SwotSide.THREAT]
    assert (found.refusals[0].of, found.vetoes[0].against, found.notices[0].by) == (
        RefusalOf.PROPOSAL,
        "M-1",
        EndReason.MENTOR,
    )
    assert (found.left, found.leavers_since) == ({"N-1": date(2026, 8, 31)}, date(2023, 9, 1))
    assert (given[Quantity.HIRED, "1"][2], given[Quantity.STAYED, "1"][2]) == (4, 3)
    assert (found.done[0].covers, found.people[0].id) == (date(2026, 9, 30), "P-900")
    assert (len(found.tickets), len(found.vacancies)) == (1, 1)


def test_an_empty_file_states_nothing(plan: Plan) -> None:
    assert read("", plan) == Inputs()


def test_all_faults_come_at_once_with_line_and_cure(plan: Plan) -> None:
    found = faults(
        """\
[[organisation]]
id = "S-9"
year = 2025
pupils = -3
[[survey]]
person = "N-1"
side = "mentee"
question = "motivasion"
year = 2025
start = 11
[[exam]]
mentee = "N-1"
year = 2025
exam = "oge"
sat = 10
passed = 12
[[refusal]]
person = "N-2"
day = "soon"
""",
        plan,
    )
    told = {fault.place: (str(fault.message), str(fault.cure)) for fault in found}
    assert told == {
        "i.toml:2: organisation.0.id": ("the plan has no organisation S-9", "perhaps S-1"),
        "i.toml:4: organisation.0.pupils": ("-3 is outside the bounds", "write 0 or more"),
        "i.toml:8: survey.0.question": ('"motivasion" is unknown', "did you mean motivation, innovation?"),
        "i.toml:10: survey.0.start": ("11 is outside the bounds", "write 10.0 or less"),
        "i.toml:16: exam.0.passed": ("more passed than sat", "correct one of the two numbers"),
        "i.toml:18: refusal.0.person": ("nobody of the plan has the code N-2", "perhaps M-1, N-1"),
        "i.toml:19: refusal.0.day": (
            '"soon" is of a wrong type',
            "write a date without quotes, for example 2024-09-01",
        ),
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[[organisation]]\nid = "S-9"\nyear = 2025', "the plan has no organisation S-9"),
        ('[[organisation]]\nid = "S-1"\nyear = 2025\n' * 2, "S-1 stands twice for the year 2025"),
        ('[[organisation]]\nid = "S-1"\nyear = 2025\ntests = { sat = 1, passed = 2 }', "more passed than sat"),
        (
            '[[retention]]\norganisation = "S-1"\nyear = 2025\nafter = 1\nhired = 1\nstayed = 2',
            "more stayed than were hired",
        ),
        (
            '[[retention]]\norganisation = "S-1"\nyear = 2025\nafter = 1\nhired = 1\nstayed = 1\n' * 2,
            "S-1 stands twice for the year 2025",
        ),
        ('[[person]]\nid = "N-1"\norganisation = "S-1"', "the plan has N-1 already"),
        ('[[person]]\nid = "N-5"\norganisation = "S-9"', "the plan has no organisation S-9"),
        (
            '[[event]]\nyear = 2025\nsort = "contest"',
            "it is not said whose pupils or events these are, or it is said twice",
        ),
        ('[[event]]\nmentee = "N-7"\nyear = 2025\nsort = "contest"', "nobody of the plan has the code N-7"),
        ('[[marks]]\norganisation = "S-7"\nyear = 2025\nmean = 4.0\npupils = 3', "the plan has no organisation S-7"),
        (
            '[[survey]]\nperson = "N-1"\nside = "mentee"\nquestion = "satisfaction"\nyear = 2025\nstart = 5',
            "satisfaction is asked at the end",
        ),
        ('[[survey]]\nperson = "N-1"\nside = "mentee"\nquestion = "results"\nyear = 2025', "there is no answer"),
        (
            '[[survey]]\nperson = "N-1"\nside = "mentee"\nquestion = "results"\nyear = 2025\nend = 5\n' * 2,
            "this answer stands twice",
        ),
        ('[[programme]]\npair = "M-1"', "two ids with a colon are needed"),
        (
            '[[programme]]\npair = "N-1:M-1"\nstarted = 2025-10-01',
            "the plan has no such pair, so its form and kind must be said",
        ),
        (
            '[[programme]]\npair = "N-1:M-1"\nform = "teacher_teacher"\nkind = "traditional"',
            "it is not said when it began",
        ),
        (
            '[[programme]]\npair = "M-1:N-1"\nstarted = 2026-10-01\nended = 2026-09-30',
            "30.09.2026 comes before the start",
        ),
        ('[[programme]]\npair = "M-1:N-1"\nreason = "completed"', "a reason is given, but no end"),
        (
            '[[programme]]\npair = "M-1:N-1"\nstarted = 2025-10-01\n'
            '[[programme]]\npair = "M-1:N-1"\nstarted = 2026-03-01',
            "this programme stands twice in one school year",
        ),
        ('[[conflict]]\npair = "M-1:N-8"\nday = 2026-10-01', "the plan has no pair or group M-1:N-8"),
        ('[[veto]]\nby = "N-8"\nagainst = "M-1"\nday = 2026-10-01', "nobody of the plan has the code N-8"),
        ('[[left]]\nperson = "N-8"\nday = 2026-10-01', "nobody of the plan has the code N-8"),
        ('[[done]]\ndeadline = "forums"\nsubject = "Town"\nday = 2026-12-20', "the regulation has no date forums"),
        ('[[done]]\ndeadline = "forum"\nsubject = "S-1"\nday = 2026-12-20', "the date does not bind S-1"),
        ("[[organization]]\nid = 1", "the key organization is unknown"),
    ],
)
def test_what_does_not_agree_is_said(plan: Plan, content: str, message: str) -> None:
    found = faults(content, plan)
    assert message in [str(fault.message) for fault in found]
    assert all(fault.cure is not None for fault in found)


def test_a_person_the_file_adds_may_take_part(plan: Plan) -> None:
    found = read(
        '[[person]]\nid = "N-5"\norganisation = "S-1"\n'
        '[[programme]]\npair = "M-1:N-5"\nform = "teacher_teacher"\nkind = "traditional"\nstarted = 2025-10-01\n'
        '[[exam]]\nmentee = "N-5"\nyear = 2025\nexam = "vpr"\nsat = 5\npassed = 4',
        plan,
    )
    assert [one.organisation for one in found.counts] == ["S-1", "S-1"]


def test_a_missing_file_is_said(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_indicators(tmp_path / "no.toml", plan)
    assert "--template" in str(caught.value.faults[0].cure)
