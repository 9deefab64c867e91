"""Law: a roster that is written and read again is the same roster, whatever the form."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings

from matcher.io.read_roster import check_roster
from matcher.io.write_roster import write_roster
from matcher.roster import Roster
from tests.strategies import TODAY, rosters


@pytest.mark.parametrize(("name", "form"), [("r", "csv"), ("r.parquet", "parquet")])
@settings(max_examples=60, deadline=None)
@given(roster=rosters())
def test_folder(name: str, form: Literal["csv", "parquet"], roster: Roster) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write_roster(roster, path, form=form)
        report = check_roster(path, today=TODAY)
    assert report.faults == ()
    assert report.roster == roster


@settings(max_examples=25, deadline=None)
@given(roster=rosters())
def test_workbook(roster: Roster) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for lang in ("ru", "en"):
            path = Path(folder) / f"{lang}.xlsx"
            write_roster(roster, path, lang=lang)
            report = check_roster(path, today=TODAY)
            assert report.faults == ()
            assert report.roster == roster
