"""A run from the queue to the plan of its round."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from sqlmodel import select

from matcher.generate.roster import generate_roster
from matcher.generate.timetables import generate_busy
from matcher.io.write_timetables import write_timetables
from matcher.plan import Plan
from service.audit import broken_links
from service.core import Core
from service.jobs.folders import place_of_work
from service.jobs.port import Outcome, RunStatus
from service.rounds.inputs import seal_timetable
from service.rounds.plan_files import open_plan
from service.tables.access import Role
from service.tables.areas import Person
from service.tables.rounds import Pair, PlanFileRow, Round, RoundTimetable, TimetableFile
from tests.service.conftest import House
from tests.service.jobs.conftest import ended, working
from tests.service.jobs.made import house_round, new_round, new_run


def test_a_run_ends_with_the_plan_of_its_round(busy_house: House) -> None:
    core = busy_house.core
    round_id = house_round(busy_house)
    run_id = new_run(core, round_id, what="plan")
    with working(core):
        run = ended(core, run_id)
    assert (run.status, run.outcome, run.reason) == (RunStatus.SUCCEEDED, Outcome.PLANNED, None)
    assert run.attempts == 1
    assert run.number > 1
    assert run.ended_at is not None
    with core.database.reading() as session:
        row = session.exec(select(PlanFileRow).where(PlanFileRow.run_id == run_id)).one()
        plan = open_plan(core.vault, row)
        assert session.get_one(Round, round_id).plan_id == row.id
        assert len(session.exec(select(Pair)).all()) == len(plan.pairs) == row.summary["pairs"] > 0
        assert plan.schedule is not None
        assert row.summary["meetings"] == len(plan.schedule.sessions) > 0
        assert list(broken_links(session)) == []
    assert list(place_of_work(core.settings.folder).iterdir()) == []


def test_timetables_are_used_and_a_repair_makes_good_what_is_lost(busy_sqlite_house: House, tmp_path: Path) -> None:
    core = busy_sqlite_house.core
    roster = generate_roster(
        num_mentees=4, num_mentors=4, num_organisations=1, num_municipalities=1, seed=2, policy_id="anuchino"
    )
    round_id = new_round(core, busy_sqlite_house.areas["s11"], roster=roster)
    add_timetables(core, round_id, write_timetables(roster, generate_busy(roster, seed=2), tmp_path / "maps"))
    curator = busy_sqlite_house.headers(Role.CURATOR)
    with working(core):
        planned = ended(core, new_run(core, round_id, what="plan"))
        assert planned.outcome == Outcome.PLANNED
        before = plan_of(core, planned.id)
        assert before.busy is not None
        assert before.schedule is not None
        away = before.schedule.sessions[len(before.schedule.sessions) // 2]
        mentor = next(pair.mentor for pair in before.pairs if away.activity.startswith(pair.mentor))
        with core.database.reading() as session:
            person_id = session.exec(select(Person.id).where(Person.code == mentor)).one()
        days = {"from": away.day.isoformat(), "to": away.day.isoformat()}
        changes = {"today": "2026-10-01", "absence": [{"person": person_id, **days}]}
        asked = busy_sqlite_house.client.post(
            f"/api/v1/rounds/{round_id}/runs", json={"what": "repair", "changes": changes}, headers=curator
        )
        assert asked.status_code == 202, asked.text
        repaired = ended(core, asked.json()["id"])
    assert (repaired.outcome, repaired.reason) == (Outcome.PLANNED, None)
    after = plan_of(core, repaired.id)
    assert after.schedule is not None
    mine = {activity.id for activity in after.schedule.activities if mentor in activity.people}
    assert [s for s in after.schedule.sessions if s.day == away.day and s.activity in mine] == []
    with core.database.reading() as session:
        row = session.exec(select(PlanFileRow).where(PlanFileRow.run_id == repaired.id)).one()
        assert row.summary["lost"] > 0
        assert session.get_one(Round, round_id).plan_id == row.id


def plan_of(core: Core, run_id: str) -> Plan:
    with core.database.reading() as session:
        return open_plan(core.vault, session.exec(select(PlanFileRow).where(PlanFileRow.run_id == run_id)).one())


def add_timetables(core: Core, round_id: str, maps: Sequence[Path]) -> None:
    """Keep timetables and use them in a round."""
    with core.database.writing() as session:
        round_ = session.get_one(Round, round_id)
        for file in maps:
            rows = file.parent / tomllib.loads(file.read_text())["file"]
            row = TimetableFile(
                area_id=round_.area_id, name=file.name, sealed_map=b"", sealed_rows=b"", created_by="test"
            )
            row.sealed_map, row.sealed_rows = seal_timetable(core.vault, row.id, file.read_text(), rows.read_text())
            session.add(row)
            session.flush()
            session.add(RoundTimetable(round_id=round_id, timetable_id=row.id))
