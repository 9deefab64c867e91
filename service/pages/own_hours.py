"""When one can meet in a usual week: a grid of checkboxes around the lessons of the timetable."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from matcher.errors import Fault
from matcher.texts import text
from service.errors import wrong_input
from service.pages.own import Me, acting, clock, own_rounds, today, weekday_names
from service.pages.shell import go, page
from service.records.shapes import Id
from service.rounds.own_week import WEEKDAYS, OwnWeek, hours_said, own_week
from service.routes.absences import AbsenceIn, Hours, Week, add_absence, list_absences, remove_absence, say_week
from service.tables.areas import Person
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

_MOST = 100
"""Parts of a week that are kept of one person (``PUT /api/v1/availability``)."""


@router.get("/mine/week")
def week(
    work: Reading,
    person: Annotated[str, Query(max_length=32)] = "",
    saved: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """Show one's week: lessons as they are, other hours to tick."""
    me = acting(work, person)
    return page(
        work,
        "mine_week",
        me=me,
        week=_week(work, me),
        days=[weekday_names(one, work.lang) for one in WEEKDAYS],
        clock=clock,
        absences=[one for one in list_absences(work, me.id, None, 200).items if one.last_day >= today(work)],
        day_today=today(work),
        saved=bool(saved),
    )


@router.post("/mine/week")
def say(
    work: Writing,
    can: Annotated[list[Annotated[str, Form(max_length=12)]] | None, Form(max_length=300)] = None,
    person: Annotated[str, Form(max_length=32)] = "",
) -> Response:
    """Keep when one can meet."""
    me = acting(work, person)
    hours: list[dict[str, Any]] = hours_said(_week(work, me), set(can or ()))
    if len(hours) > _MOST:
        cure = text("join hours that lie side by side")
        raise wrong_input([Fault("can", text("the week has too many pieces"), cure)])
    say_week(work, Week(person=me.id, hours=[Hours(**one) for one in hours]))
    return go(f"/mine/week?saved=1{me.query.replace('?', '&')}")


@router.post("/mine/absences")
def be_away(
    work: Writing,
    first_day: Annotated[date, Form()],
    last_day: Annotated[date, Form()],
    person: Annotated[str, Form(max_length=32)] = "",
) -> Response:
    """Say on which days one is away; nobody is asked why."""
    me = acting(work, person)
    add_absence(work, AbsenceIn(person=me.id, first_day=first_day, last_day=last_day))
    return go(f"/mine/week?saved=1{me.query.replace('?', '&')}#away")


@router.post("/mine/absences/{absence_id}/removal")
def be_back(work: Writing, absence_id: Id, person: Annotated[str, Form(max_length=32)] = "") -> Response:
    """Take days of absence back."""
    me = acting(work, person)
    remove_absence(work, absence_id)
    return go(f"/mine/week?saved=1{me.query.replace('?', '&')}#away")


def _week(work: Work, me: Me) -> OwnWeek:
    return own_week(work.session, work.core.vault, work.session.get_one(Person, me.id), own_rounds(work, me.id))
