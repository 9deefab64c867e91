"""The command that repairs a year: the answer first, all changes in a file, refusals where they are written."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from matcher.cli import language
from matcher.cli.repairs import repair
from matcher.errors import InputError
from matcher.io.plan_json import write_plan_json
from matcher.plan import Plan
from matcher.roster import Wish
from tests.unit.repair.year import LAST, TODAY, planned_year


def write(folder: Path, changes: str, year: Plan | None = None) -> tuple[Path, Path]:
    """Write the plan of a year and what happened in it."""
    plan, file = folder / "plan.json", folder / "changes.toml"
    write_plan_json(year or planned_year(), plan)
    file.write_text(f"today = {TODAY}\n{changes}", encoding="utf-8")
    return plan, file


def test_the_options_come_first_and_every_change_is_in_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    language.choose("ru")
    mentor = planned_year().pairs[0].mentor
    away = f'[[absence]]\nperson = "{mentor}"\nfrom = {TODAY}\nto = {TODAY + timedelta(days=20)}\n'
    plan, file = write(tmp_path, away)
    out = tmp_path / "out"
    repair(plan, file, out)
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert re.match(r"\d+ встреч\w* не мо\w+ остаться", lines[0])
    assert not any("Что решалось, по порядку" in line for line in lines)
    changes = (out / "changes.txt").read_text(encoding="utf-8-sig").splitlines()
    assert changes
    assert [line for line in lines if line.startswith("•")] == changes[:12]
    assert f"Записано: {out / 'changes.txt'}" in lines
    assert (out / "report.html").is_file()
    assert (out / "option-2" / "changes.txt").is_file()


def test_a_long_list_says_where_the_rest_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    language.choose("ru")
    ends = "".join(f'[[end]]\npair = "{p.mentor}:{p.mentee}"\nday = {TODAY}\n' for p in planned_year().pairs)
    plan, file = write(tmp_path, ends)
    repair(plan, file, tmp_path / "out")
    printed = capsys.readouterr().out
    changes = (tmp_path / "out" / "changes.txt").read_text(encoding="utf-8-sig").splitlines()
    assert len(changes) > 12
    assert f"и ещё {len(changes) - 12} изменени" in printed
    assert f"; полный список: {tmp_path / 'out' / 'changes.txt'}" in printed


def test_a_new_pair_is_refused_where_it_is_written(tmp_path: Path) -> None:
    first, second = planned_year().pairs[:2]
    veto = Wish(from_person=first.mentor, to_person=second.mentee, veto=True)
    refusing = replace(planned_year(), roster=replace(planned_year().roster, wishes=(veto,)))
    new = f'[[new]]\nmentor = "{first.mentor}"\nmentee = "{second.mentee}"\nkind = "traditional"\nfrom = {LAST}\n'
    plan, file = write(tmp_path, new, refusing)
    with pytest.raises(InputError) as caught:
        repair(plan, file, tmp_path / "out")
    assert [fault.place for fault in caught.value.faults] == [f"{file}:2: new.0 ({first.mentor}:{second.mentee})"]
