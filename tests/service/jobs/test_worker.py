"""A run from the queue to the plan of its round."""

from __future__ import annotations

from sqlmodel import select

from service.audit import broken_links
from service.jobs.folders import place_of_work
from service.jobs.port import Outcome, RunStatus
from service.rounds.plan_files import open_plan
from service.tables.rounds import Pair, PlanFileRow, Round
from tests.service.conftest import House
from tests.service.jobs.conftest import ended, working
from tests.service.jobs.made import house_round, new_run


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
