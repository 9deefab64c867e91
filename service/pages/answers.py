"""Who has answered, who has no link yet; links made, made anew, revoked, and printed as slips to hand over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

import segno
from fastapi import APIRouter, Form, Query
from fastapi.responses import Response

from matcher.errors import Fault
from matcher.texts import Text, text
from service.access.links import link_of, make_link, revoke_link
from service.errors import Problem, not_found, stale, wrong_input
from service.pages.own import today
from service.pages.shell import go, page
from service.records.shapes import Id
from service.rounds.answers import Answer, Line, Way, answers_of, links_at_work
from service.rounds.asked import DecisionIn
from service.rounds.decide import BEFORE_PROPOSED
from service.rounds.desk import visible_round
from service.routes.decisions import decide_at
from service.routes.rounds import desk_of
from service.tables.access import Role
from service.tables.areas import Person
from service.tables.rounds import RosterFile, Round
from service.work import Reading, Work, WorkRoute, Writing

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

Show = Literal["all", "waiting", "accepted", "declined", "no-link", "not-opened"]
PER_PAGE = 100
MOST_SLIPS = 200
_ANSWER_DAYS = 7

ANSWERS: dict[Answer, Text] = {
    Answer.NOTHING: text("nothing is proposed yet"),
    Answer.WAITING: text("has not answered"),
    Answer.ACCEPTED: text("has agreed"),
    Answer.DECLINED: text("has declined"),
    Answer.OTHER_DECLINED: text("the other side has declined"),
    Answer.WORKS: text("the pair works"),
    Answer.OVER: text("the pair is over"),
}
ROLES: dict[Role, Text] = {
    Role.MENTOR: text("mentor"),
    Role.MENTEE: text("mentee"),
    Role.LEGAL_REPRESENTATIVE: text("legal representative"),
}
_SHOWS: dict[str, Text] = {
    "all": text("everybody"),
    "waiting": text("not answered"),
    "accepted": text("those who agreed"),
    "declined": text("those who declined"),
    "no-link": text("without a link"),
    "not-opened": text("link not opened"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A slip to hand over: whose it is, the address, its picture, until when to answer."""

    number: int
    name: str
    school: str
    link_role: Role
    others: tuple[str, ...]
    address: str
    picture: str
    until: date
    works_until: date


@router.get("/rounds/{round_id}/answers")
def answers(
    work: Reading,
    round_id: Id,
    show: Show = "all",
    q: Annotated[str, Query(max_length=100)] = "",
    start: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """Show who has answered and who has a link."""
    round_ = visible_round(work.session, work.viewer, round_id)
    lines = answers_of(work.session, work.core.vault, work.viewer, round_)
    kept = [one for one in lines if _is_wanted(one, show) and _is_meant(one, q)]
    return page(
        work,
        "answers",
        round=round_,
        is_made_up=work.session.get_one(RosterFile, round_.roster_id).is_made_up,
        lines=kept[start : start + PER_PAGE],
        num_lines=len(kept),
        start=start,
        per_page=PER_PAGE,
        counts=_counts(lines),
        shows=_SHOWS,
        asked={"show": show, "q": q},
        answers=ANSWERS,
        role_words=ROLES,
        is_before=round_.state in BEFORE_PROPOSED,
        is_local=not work.core.settings.public_url,
        until=today(work) + timedelta(days=_ANSWER_DAYS),
        earliest=today(work),
        latest=today(work) + timedelta(days=work.core.settings.link_days),
        has_pupils=any(one.link_role is Role.LEGAL_REPRESENTATIVE for one in lines),
        num_linkless=min(MOST_SLIPS, sum(_is_linkless(one) for one in lines)),
    )


def _is_linkless(line: Line) -> bool:
    return line.way is Way.NONE and line.link_role is not None


def _is_wanted(line: Line, show: str) -> bool:
    if show == "no-link":
        return _is_linkless(line)
    if show == "not-opened":
        return line.way is Way.MADE
    if show == "waiting":
        return line.answer is Answer.WAITING
    if show == "accepted":
        return line.answer in (Answer.ACCEPTED, Answer.WORKS)
    if show == "declined":
        return line.answer in (Answer.DECLINED, Answer.OTHER_DECLINED)
    return True


def _is_meant(line: Line, q: str) -> bool:
    words = f"{line.name} {line.school} {' '.join(one.other for one in line.proposals)}".casefold()
    return all(part in words for part in q.casefold().split())


def _counts(lines: list[Line]) -> Counter[str]:
    return Counter(show for line in lines for show in _SHOWS if _is_wanted(line, show))


@router.post("/rounds/{round_id}/answers/links")
def make_links(
    work: Writing,
    round_id: Id,
    until: Annotated[date, Form()],
    who: Annotated[list[Annotated[str, Form(max_length=64)]] | None, Form(max_length=MOST_SLIPS)] = None,
    everybody: Annotated[str, Form(max_length=1)] = "",
    pupils: Annotated[Literal["representative", "self"], Form()] = "representative",
) -> Response:
    """Make links for those ticked, or for all who have none, and show the slips; they are shown only now."""
    round_ = visible_round(work.session, work.viewer, round_id)
    days = work.core.settings.link_days
    if not today(work) <= until <= today(work) + timedelta(days=days):
        cure = text("choose a day of the next {days} days", days=days)
        raise wrong_input([Fault("until", text("the links do not work that long, or the day is past"), cure)])
    lines = answers_of(work.session, work.core.vault, work.viewer, round_)
    ticked = set(who or ())
    wanted = [one for one in lines if _key(one) in ticked] if not everybody else list(filter(_is_linkless, lines))
    if not wanted:
        raise wrong_input([Fault("who", text("nobody is chosen"), text("tick somebody in the list"))])
    slips: list[Slip] = []
    refused: list[tuple[str, Problem]] = []
    for line in wanted[:MOST_SLIPS]:
        if line.link_role is None:
            continue
        try:
            role = line.role if pupils == "self" else line.link_role
            slips.append(_slip(work, round_, line, role, until, len(slips) + 1))
        except Problem as problem:
            refused.append((line.name, problem))
    return page(
        work, "slips", round=round_, slips=slips, refused=refused, num_left=max(0, len(wanted) - MOST_SLIPS),
        role_words=ROLES, asks_wishes=round_.state in BEFORE_PROPOSED,
    )  # fmt: skip


def _key(line: Line) -> str:
    return f"{line.person_id}:{line.role}"


def _slip(work: Work, round_: Round, line: Line, role: Role, until: date, number: int) -> Slip:
    """Make a link and let those before it, of the same person and role, work no more."""
    earlier = [one for one in links_at_work(work.session, [line.person_id]).get(line.person_id, ()) if one.role == role]
    link, address = make_link(
        work.session,
        work.core,
        work.viewer,
        person_id=line.person_id,
        role=role,
        round_id=round_.id,
        days=work.core.settings.link_days,
    )
    for one in earlier:
        revoke_link(work.session, work.core, work.viewer, one)
    return Slip(
        number=number,
        name=line.name,
        school=line.school,
        link_role=role,
        others=tuple(one.other for one in line.proposals if one.answer is Answer.WAITING),
        address=address,
        picture=segno.make(address, error="m").svg_inline(omitsize=True, border=2),
        until=until,
        works_until=link.expires_at.date(),
    )


@router.post("/rounds/{round_id}/answers/revoke")
def revoke(work: Writing, round_id: Id, link: Annotated[Id, Form()]) -> Response:
    """Let a link work no more; whoever has come in by it is out at once."""
    visible_round(work.session, work.viewer, round_id)
    revoke_link(work.session, work.core, work.viewer, link_of(work.session, work.viewer, link))
    return go(f"/rounds/{round_id}/answers")


@router.post("/rounds/{round_id}/answers/paper")
def record_paper(
    work: Writing,
    round_id: Id,
    pair: Annotated[Id, Form()],
    side: Annotated[Literal["mentor", "mentee"], Form()],
    version: Annotated[int, Form()],
    what: Annotated[Literal["accept", "decline"], Form()] = "accept",
) -> Response:
    """Write down an answer that was given on paper."""
    desk = desk_of(work, round_id)
    if desk.round_.version != version:
        raise stale()
    done = decide_at(desk, DecisionIn(kind=what, pair=pair, side=side, paper=True))
    person_id = done.mentor_id if side == "mentor" else done.mentee_id
    if person_id is None or work.session.get(Person, person_id) is None:
        raise not_found()
    return go(f"/rounds/{round_id}/answers#p-{person_id}")
