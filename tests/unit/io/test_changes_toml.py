"""CHANGES.toml: every fault with its line; nothing that would pass without a trace."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from matcher.errors import InputError
from matcher.io.changes_toml import read_changes
from matcher.repair.changes import Changes
from matcher.texts import say
from tests.unit.repair.year import LAST, planned_year

PAIR = planned_year().pairs[0]
OTHER = next(pair for pair in planned_year().pairs if pair.mentor != PAIR.mentor)
ABSENCE = '[[absence]]\nperson = "{who}"\nfrom = {first}\nto = {last}\n'


def read(folder: Path, content: str) -> Changes:
    file = folder / "changes.toml"
    file.write_text(content, encoding="utf-8")
    return read_changes(file, planned_year())


def faults(folder: Path, content: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder, content)
    return [f"{Path(fault.place).name}: {say(fault.message, 'en')}" for fault in caught.value.faults]


def test_a_new_pair_without_a_day_begins_today(tmp_path: Path) -> None:
    new = f'[[new]]\nmentor = "{PAIR.mentor}"\nmentee = "{OTHER.mentee}"\nkind = "traditional"\n'
    day = planned_year().schedule.first_day  # type: ignore[union-attr]
    assert read(tmp_path, f"today = {day}\n{new}").pairs[0].day == day
    away = ABSENCE.format(who=PAIR.mentor, first=LAST, last=LAST)
    assert read(tmp_path, new + away).pairs[0].day == LAST
    assert faults(tmp_path, new) == ["changes.toml:1: new.0.from: it is not said from which day on"]


def test_a_pair_of_the_plan_is_not_new(tmp_path: Path) -> None:
    new = f'[[new]]\nmentor = "{PAIR.mentor}"\nmentee = "{PAIR.mentee}"\nkind = "traditional"\nfrom = {LAST}\n'
    assert faults(tmp_path, new) == [
        f"changes.toml:3: new.0.mentee: {PAIR.mentor}:{PAIR.mentee} is a pair of the plan already"
    ]


def test_days_no_meeting_lies_on_are_a_fault(tmp_path: Path) -> None:
    away = ABSENCE.format(who=PAIR.mentor, first=date(2001, 1, 1), last=date(2001, 1, 2))
    assert faults(tmp_path, away)[0].startswith("changes.toml:3: absence.0.from: these days lie outside the schedule (")


def test_days_the_wrong_way_round_and_strangers_are_told_together(tmp_path: Path) -> None:
    wrong = ABSENCE.format(who="nobody", first=LAST, last=date(2001, 1, 1))
    assert faults(tmp_path, wrong) == [
        "changes.toml:2: absence.0.person: nobody of the plan has the code nobody",
        "changes.toml:4: absence.0.to: the last day is before the first",
    ]


def test_a_misspelt_table_is_near_one_that_stands_there(tmp_path: Path) -> None:
    away = ABSENCE.format(who=PAIR.mentor, first=LAST, last=LAST)
    with pytest.raises(InputError) as caught:
        read(tmp_path, away + "[[absense]]\n")
    assert [say(fault.cure, "en") for fault in caught.value.faults if fault.cure] == ["did you mean absence?"]
