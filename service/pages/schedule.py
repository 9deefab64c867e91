"""The schedule of a round: weeks and months of a school, a person or a room; meetings moved, marked, announced."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlencode

from babel.dates import format_date
from fastapi import APIRouter, BackgroundTasks, Form, Query
from fastapi.responses import Response
from sqlmodel import select

from matcher.errors import Fault
from matcher.roster import SessionMode
from matcher.sessions.schedule import PlannedSession
from matcher.texts import Lang, Text, text, text_n
from service.errors import Problem, not_found, refused, stale
from service.jobs.asking import RunRequest
from service.pages.schedule_view import (
    MOST_SHOWN,
    Card,
    PlaceWords,
    Scope,
    View,
    in_scope_of,
    nearest_day,
    overview,
    people_to_choose,
    read_meetings,
    rooms_to_choose,
    schools_in_sight,
    show_cards,
    today_of,
)
from service.pages.schedule_words import clock, reasons
from service.pages.shell import go, own_address, page
from service.records.shapes import Day, Id
from service.rounds.desk import RUNNERS, roles_over, visible_round
from service.rounds.meetings import open_trials
from service.rounds.people import open_people, people_by_id
from service.rounds.places import Place, places_of
from service.rounds.rosters import open_nameless
from service.rounds.window import num_without_meetings, read_window, set_window
from service.routes.meetings import MeetingEdit, change_meeting, meeting_to_change
from service.routes.rounds import desk_of
from service.routes.runs import ask_for_run
from service.tables.rounds import Meeting, PlanFileRow, RosterFile, Round
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

Code = Annotated[str | None, Query(max_length=100)]
Word = Annotated[str, Form(max_length=500)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An hour a meeting may move to."""

    place: Place
    begins: str
    ends: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlaces:
    """The hours of a day: those allowed, and those that are not, together where the reason is the same."""

    day: date
    allowed: tuple[Choice, ...]
    forbidden: tuple[tuple[str, str], ...]


@router.get("/rounds/{round_id}/schedule")
def schedule(
    work: Reading,
    round_id: Id,
    view: View = "week",
    day: Annotated[Day | None, Query()] = None,
    school: Annotated[Id | Literal[""] | None, Query()] = None,
    person: Annotated[Id | Literal[""] | None, Query()] = None,
    room: Code = None,
    move: Annotated[Id | None, Query()] = None,
    moved: Annotated[Id | None, Query()] = None,
    told: Annotated[int | None, Query(ge=0)] = None,
    taken_back: Annotated[int | None, Query(ge=0)] = None,
    repaired: bool = False,
    was: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Show the meetings of a week or month; ``move`` names the one whose places light up."""
    round_ = visible_round(work.session, work.viewer, round_id)
    scope = Scope(
        round_id=round_.id,
        view=view,
        day=day or date.min,
        school=school or None,
        person=person or None,
        room=room or None,
    )
    if day is None:
        scope = replace(scope, day=_first_shown(work, round_, scope))
    return _schedule(
        work, round_, scope, move=move, moved=moved, was=_place_in(was), told=_told(told, taken_back, repaired)
    )


def _schedule(
    work: Work,
    round_: Round,
    scope: Scope,
    *,
    move: str | None = None,
    moved: str | None = None,
    was: Mapping[str, str] | None = None,
    told: tuple[Text, ...] = (),
    problem: Problem | None = None,
) -> Response:
    schools = schools_in_sight(work, round_)
    is_overview = len(schools) > 1 and scope.school is scope.person is scope.room is None
    meetings = [] if is_overview else read_meetings(work, scope)
    cards = show_cards(work, round_, meetings)
    roles = roles_over(work.session, work.viewer, round_.area_id)
    moving = next((card for card in cards if card.id == move and card.may_move), None)
    if moving is None and move is not None and not is_overview:
        moving = _card(work, round_, move)
    has_any = (
        work.session.exec(select(Meeting.id).where(*in_scope_of(work, _whole(scope))).limit(1)).first() is not None
    )
    _, roster = open_nameless(work.core.vault, work.session.get_one(RosterFile, round_.roster_id))
    return page(
        work,
        "schedule",
        status=200 if problem is None else problem.status,
        round=round_,
        scope=scope,
        schools=schools,
        people=[] if is_overview else people_to_choose(work, round_, scope.school),
        rooms=[(one, PlaceWords(roster, work.lang).room(one)) for one in rooms_to_choose(work, scope)],
        nearest=None if cards or is_overview else nearest_day(work, scope, scope.day),
        num_unplaced=_num_unplaced(work, round_),
        num_without=num_without_meetings(work.session, round_) if has_any and roles & RUNNERS else 0,
        is_made_up=work.session.get_one(RosterFile, round_.roster_id).is_made_up,
        title=_title(work, scope, schools, roster),
        days=_days(scope, cards),
        cards_of=_by_day(cards),
        num_cards=len(cards),
        is_cut=len(meetings) >= MOST_SHOWN,
        overview=overview(work, scope, schools) if is_overview else [],
        is_overview=is_overview,
        has_any=has_any,
        is_runner=bool(roles & RUNNERS),
        is_reader=bool(roles),
        window=read_window(work.session, round_) if roles & RUNNERS else None,
        today=today_of(work, round_),
        moving=moving,
        places=_places(work, round_, moving, scope) if moving is not None else {},
        moved=next((card for card in cards if card.id == moved), None),
        was=was or {},
        told=told,
        problem=problem,
        weekday=lambda value: format_date(value, "EEE", locale=work.lang),
        long_day=lambda value: format_date(value, "EEEE, d MMMM", locale=work.lang),
        short_day=lambda value: format_date(value, "d MMM", locale=work.lang).removesuffix("."),
        heading=_heading(scope, work.lang),
    )


def _first_shown(work: Work, round_: Round, scope: Scope) -> date:
    """Return the day to begin with: today where this week has meetings, else the nearest day that has."""
    today = today_of(work, round_)
    monday = replace(scope, day=today).first_day
    found = nearest_day(work, scope, monday)
    return today if found is None or (found <= monday + timedelta(days=6) and found >= monday) else found


def _whole(scope: Scope) -> Scope:
    return Scope(round_id=scope.round_id, view=scope.view, day=scope.day)


def _num_unplaced(work: Work, round_: Round) -> int:
    """Return how many meetings the plan found no time for."""
    row = None if round_.plan_id is None else work.session.get(PlanFileRow, round_.plan_id)
    return 0 if row is None else int(row.summary.get("meetings_missing", 0))


def _days(scope: Scope, cards: Sequence[Card]) -> list[date]:
    """Return the days to show: of a week Sunday only where somebody meets on it."""
    used = {card.day for card in cards}
    return [day for day in scope.days if scope.view == "month" or day.weekday() < 6 or day in used]


def _by_day(cards: Sequence[Card]) -> Mapping[date, Sequence[Card]]:
    found: dict[date, list[Card]] = defaultdict(list)
    for card in cards:
        found[card.day].append(card)
    return found


def _heading(scope: Scope, lang: Lang) -> str:
    if scope.view == "month":
        return format_date(scope.day, "LLLL y", locale=lang)
    first, last = scope.first_day, scope.last_day
    begins = format_date(first, "d" if first.month == last.month else "d MMMM", locale=lang)
    return f"{begins} – {format_date(last, 'd MMMM y', locale=lang)}"


def _title(work: Work, scope: Scope, schools: Sequence[tuple[str, str]], roster: Any) -> str:
    """Return whose schedule it is; empty where it is that of the whole round."""
    if scope.person is not None:
        people = people_by_id(work.session, [scope.person])
        words = open_people(work.session, work.core.vault, people.values())
        met = work.session.exec(select(Meeting.id).where(*in_scope_of(work, scope)).limit(1)).first()
        if met is None and scope.person not in dict(people_to_choose(work, _round(work, scope), None)):
            raise not_found()
        return words[scope.person].name or people[scope.person].code
    if scope.room is not None:
        return PlaceWords(roster, work.lang).room(scope.room)
    if scope.school is not None:
        names = dict(schools)
        if scope.school not in names:
            raise not_found()
        return names[scope.school]
    return ""


def _round(work: Work, scope: Scope) -> Round:
    return work.session.get_one(Round, scope.round_id)


def _card(work: Work, round_: Round, meeting_id: str) -> Card | None:
    """Return a meeting that may be moved, though it lies outside the days shown."""
    asked = select(Meeting).where(*in_scope_of(work, Scope(round_id=round_.id, view="week", day=date.min)))
    found = work.session.exec(asked.where(Meeting.id == meeting_id)).first()
    card = None if found is None else show_cards(work, round_, [found])[0]
    return card if card is not None and card.may_move else None


def _places(work: Work, round_: Round, card: Card, scope: Scope) -> Mapping[date, DayPlaces]:
    """Return for every day shown where a meeting may go, and where not and why."""
    meeting = work.session.get_one(Meeting, card.id)
    trials = open_trials(work.session, work.core.vault, round_, meeting)
    if trials is None:
        return {}
    words = {one.id: one.short for one in card.people}
    people = people_by_id(work.session, words)
    names = {people[id_].code: short for id_, short in words.items()}
    where = PlaceWords(trials.diary.roster, work.lang)
    days = [day for day in scope.days if scope.view == "month" or day.weekday() < 6]
    found: dict[date, list[Place]] = defaultdict(list)
    for place in places_of(trials, days):
        found[place.session.day].append(place)
    return {day: _of_day(day, places, trials.present, names, where, work.lang) for day, places in found.items()}


def _is_there(one: Place, present: PlannedSession) -> bool:
    """Say whether the people would meet in the same way and room as now."""
    session = one.session
    return (session.mode, session.site, session.room) == (present.mode, present.site, present.room)


def _of_day(
    day: date,
    places: Sequence[Place],
    present: PlannedSession,
    names: Mapping[str, str],
    where: PlaceWords,
    lang: Lang,
) -> DayPlaces:
    allowed = tuple(
        Choice(
            place=one,
            begins=clock(one.session.start_minute),
            ends=clock(one.session.end_minute),
            where="" if _is_there(one, present) else where.of(one.session.mode, one.session.site, one.session.room),
        )
        for one in places
        if one.is_allowed
    )
    together: dict[str, list[str]] = defaultdict(list)
    for one in places:
        if one.broken:
            together["; ".join(reasons(one.broken, names, lang))].append(clock(one.session.start_minute))
    is_whole = len(together) == 1 and not allowed and not any(one.is_present for one in places)
    forbidden = tuple(("" if is_whole else ", ".join(hours), why) for why, hours in together.items())
    return DayPlaces(day=day, allowed=allowed, forbidden=forbidden)


@router.get("/rounds/{round_id}/schedule/{meeting_id}/places")
def places(
    work: Reading,
    round_id: Id,
    meeting_id: Id,
    view: View = "week",
    day: Annotated[Day | None, Query()] = None,
    school: Annotated[Id | None, Query()] = None,
    person: Annotated[Id | None, Query()] = None,
    room: Code = None,
) -> Response:
    """Return the places of a meeting in the days shown, for the page that has begun to drag it."""
    round_ = visible_round(work.session, work.viewer, round_id)
    card = _card(work, round_, meeting_id)
    if card is None:
        raise not_found()
    scope = Scope(round_id=round_.id, view=view, day=day or card.day, school=school, person=person, room=room or None)
    return page(
        work,
        "schedule_places",
        round=round_,
        scope=scope,
        moving=card,
        places=_places(work, round_, card, scope),
        back=scope.address(),
        long_day=lambda value: format_date(value, "EEEE, d MMMM", locale=work.lang),
    )


@router.post("/rounds/{round_id}/schedule/{meeting_id}/move")
def move_meeting(
    work: Writing,
    round_id: Id,
    meeting_id: Id,
    version: Annotated[int, Form()],
    day: Annotated[Day, Form()],
    start: Annotated[int, Form(ge=0, lt=1440)],
    end: Annotated[int, Form(gt=0, le=1440)],
    mode: Annotated[Literal["in_person", "online"], Form()],
    site: Word = "",
    room: Word = "",
    back: Word = "",
) -> Response:
    """Move a meeting, refused with every rule it would break there."""
    body = MeetingEdit(
        day=day,
        start_minute=start,
        end_minute=end,
        mode=SessionMode(mode),
        site=site or None,
        room=room or None,
    )
    try:
        before = _change(work, round_id, meeting_id, version, body)
    except Problem as problem:
        round_ = visible_round(work.session, work.viewer, round_id)
        scope = Scope(round_id=round_.id, view="week", day=day, **_asked(back))
        return _schedule(work, round_, scope, move=meeting_id, problem=problem)
    there = _back(round_id, back, day=day, moved=meeting_id)
    return go(f"{there}&{urlencode({'was': json.dumps(before, ensure_ascii=False)})}#m-{meeting_id}")


def _place_in(was: str) -> dict[str, str]:
    """Return the place a meeting had before, as the form that moves it back sends it; nothing where it is garbled."""
    try:
        found = json.loads(was) if was else {}
    except ValueError:
        return {}
    names = ("day", "start", "end", "mode", "site", "room")
    return {name: str(found[name]) for name in names if found.get(name)} if isinstance(found, dict) else {}


def _asked(back: str) -> dict[str, str]:
    """Return of whom the view was that a form was sent from."""
    query = parse_qs(back.partition("?")[2])
    return {name: query[name][0][:100] for name in ("school", "person", "room") if query.get(name)}


@router.post("/rounds/{round_id}/schedule/{meeting_id}/mark")
def mark_meeting(
    work: Writing,
    round_id: Id,
    meeting_id: Id,
    version: Annotated[int, Form()],
    state: Annotated[Literal["held", "missed", "cancelled", "published"], Form()],
    back: Word = "",
) -> Response:
    """Say that a meeting took place, did not, or is called off; or take back that it did or did not."""
    _change(work, round_id, meeting_id, version, MeetingEdit(state=state))
    return go(f"{_back(round_id, back)}#m-{meeting_id}")


def _change(work: Work, round_id: str, meeting_id: str, version: int, body: MeetingEdit) -> dict[str, Any]:
    """Change a meeting and return where it was before."""
    meeting = meeting_to_change(work, meeting_id)
    if meeting.round_id != round_id:
        raise not_found()
    if meeting.version != version:
        raise stale()
    before = {
        "day": meeting.day.isoformat(),
        "start": meeting.start_minute,
        "end": meeting.end_minute,
        "mode": meeting.mode,
        "site": meeting.site,
        "room": meeting.room,
    }
    change_meeting(work, meeting, body)
    return before


def _back(round_id: str, back: str, day: date | None = None, moved: str | None = None) -> str:
    """Return the way back to the view a form was sent from; a meeting that moved is shown where it is now."""
    found = own_address(back) if back.startswith(f"/rounds/{round_id}/schedule") else f"/rounds/{round_id}/schedule"
    address, _, query = found.partition("?")
    kept = [part for part in query.split("&") if part and part.partition("=")[0] not in ("move", "moved", "was")]
    if day is not None:
        kept = [part for part in kept if not part.startswith("day=")] + [f"day={day}", f"moved={moved}"]
    return f"{address}?{'&'.join(kept)}" if kept else address


@router.post("/rounds/{round_id}/schedule/plan")
def plan_meetings(work: Writing, round_id: Id, tasks: BackgroundTasks) -> Response:
    """Plan the meetings of the round, with its pairs as they are."""
    round_ = visible_round(work.session, work.viewer, round_id)
    answer = ask_for_run(work, round_.id, RunRequest(what="sessions", take=True), tasks)
    return go(answer.headers["location"].removeprefix("/api/v1"))


@router.post("/rounds/{round_id}/schedule/window")
def publish_window(
    work: Writing, round_id: Id, version: Annotated[int, Form()], until: Annotated[Day, Form()]
) -> Response:
    """Tell of meetings until a day, and take later ones back."""
    desk = desk_of(work, round_id)
    if not desk.is_runner:
        raise not_found()
    if desk.round_.version != version:
        raise stale()
    if desk.round_.state == "closed":
        raise refused([Fault("round", text("the round is closed"))])
    today = today_of(work, desk.round_)
    told, taken_back = set_window(
        work.session, work.core.vault, desk.round_, until, today=today, actor=work.viewer.actor
    )
    return go(f"/rounds/{round_id}/schedule?told={told}&taken_back={taken_back}")


def _told(told: int | None, taken_back: int | None, repaired: bool) -> tuple[Text, ...]:
    """Return what has just been done, in sentences."""
    if repaired:
        return (text("The schedule is changed. Whoever is concerned sees it in his meetings and calendar."),)
    if told is None and taken_back is None:
        return ()
    found = []
    if told:
        found.append(text_n("{count} meeting was announced.", "{count} meetings were announced.", count=told))
    if taken_back:
        found.append(
            text_n(
                "{count} later meeting became a draft again.",
                "{count} later meetings became drafts again.",
                count=taken_back,
            )
        )
    return tuple(found) or (text("Everything was so already; nothing has changed."),)
