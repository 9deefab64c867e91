"""One run: the same outcome for the same inputs, judged, with its figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.io.plan_json import read_plan_json
from matcher.roster import MentoringKind
from scenarios.compute import compute_run
from scenarios.document import EditPart
from scenarios.materials import build_materials, edited
from scenarios.runs import expand
from tests.scenarios.cases import TINY, made


def test_a_run_is_a_pure_function_of_its_inputs(tmp_path: Path) -> None:
    scenario = made(tmp_path)
    (run,) = expand(scenario)
    first, second = compute_run(run, scenario.files), compute_run(run, scenario.files)
    assert first.row.without_seconds() == second.row.without_seconds()
    assert first.row.violations == 0
    assert first.row.figures["mentees"] == 5
    assert first.row.figures["served"] + first.row.figures["unmatched"] == 5
    assert first.row.value is not None
    assert first.row.bound is not None
    assert first.row.value <= first.row.bound
    (tmp_path / "plan.json").write_bytes(first.files["plan.json"])
    assert len(read_plan_json(tmp_path / "plan.json").pairs) == first.row.figures["pairs"]


def test_rows_of_the_roster_are_edited_where_they_fit(tmp_path: Path) -> None:
    scenario = made(tmp_path)
    roster = build_materials(expand(scenario)[0], scenario.files).roster
    part = EditPart(table="mentees", count=2, set={"kinds": ["flash"], "requests": [{"topic": "digital"}]})
    mentees = edited(roster, part, "roster.edit.0").mentees
    assert [one.kinds for one in mentees[:2]] == [(MentoringKind.FLASH,)] * 2
    assert mentees[0].requests[0].topic == "digital"
    assert mentees[2:] == roster.mentees[2:]


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (EditPart(table="mentees", count=99, set={}), "5 rows of mentees fit, 99 are wanted"),
        (EditPart(table="mentees", set={"colour": "red"}), "the key colour is unknown"),
        (EditPart(table="mentees", set={"kinds": ["dancing"]}), "is wrong here"),
    ],
)
def test_edits_that_do_not_fit_are_told(tmp_path: Path, part: EditPart, message: str) -> None:
    scenario = made(tmp_path)
    roster = build_materials(expand(scenario)[0], scenario.files).roster
    with pytest.raises(InputError, match=message):
        edited(roster, part, "roster.edit.0")


def test_the_middle_of_a_year_ends_prolongs_and_matches_anew(tmp_path: Path) -> None:
    content = TINY.replace('what = "pair"', 'timetables = "made up"').replace("mentees = 5", "mentees = 6")
    content = content.replace("mentors = 4", "mentors = 8").replace("work_limit", "time_limit = 4\nwork_limit")
    scenario = made(tmp_path, content + "[changes]\ntoday = 2026-12-01\nend = 1\nprolong = 1\nabsent = 1\n")
    row = compute_run(expand(scenario)[0], scenario.files).row
    assert row.violations == 0
    assert row.figures["changes.ended"] == row.figures["changes.prolonged"] == 1
    assert row.figures["changes.lost"] > 0
    assert row.figures["sessions"] > 0
