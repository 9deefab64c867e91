"""Who has answered what was proposed to him, and who has a way in to answer: what the curator sees to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from matcher.roster import PersonKind
from service.rounds.decide import BEFORE_PROPOSED
from service.rounds.decided import decisions_of
from service.rounds.desk import pairs_in_sight
from service.rounds.life import LIVE, OPEN
from service.rounds.people import chunks, open_people
from service.rounds.rosters import open_nameless
from service.tables.access import PersonalLink, Role
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.tables.rounds import Decision, Pair, RosterFile, Round
from service.vault import Vault
from service.viewer import Viewer, in_areas


class Answer(StrEnum):
    """How somebody stands to what was proposed to him."""

    NOTHING = "nothing"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    OTHER_DECLINED = "other_declined"
    WORKS = "works"
    OVER = "over"


class Way(StrEnum):
    """Whether somebody has a personal link."""

    NONE = "none"
    MADE = "made"
    OPENED = "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A pair of somebody, and how he stands to it; ``on_paper`` where the curator has written it down."""

    pair_id: str
    side: str
    other: str
    answer: Answer
    at: datetime | None = None
    on_paper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Somebody of a round on one side. ``link_role`` is what a link of his opens; None where a link makes no sense."""

    person_id: str
    name: str
    school: str
    role: Role
    link_role: Role | None
    answer: Answer
    proposals: tuple[Proposal, ...]
    way: Way
    link: PersonalLink | None


_FIRST = (Answer.WAITING, Answer.DECLINED, Answer.ACCEPTED, Answer.WORKS, Answer.OTHER_DECLINED, Answer.OVER)
"""The answer of somebody with several pairs: the first of these that any of them has."""


def answers_of(session: Session, vault: Vault, viewer: Viewer, round_: Round) -> list[Line]:
    """Return everybody of the viewer's areas who is asked in a round: by his pairs, before them by the list."""
    classes, roster = open_nameless(vault, session.get_one(RosterFile, round_.roster_id))
    pairs = list(
        session.exec(select(Pair).where(Pair.round_id == round_.id, Pair.state != "dropped", pairs_in_sight(viewer)))
    )
    asked = {(pair.mentor_id, Role.MENTOR) for pair in pairs} | {(pair.mentee_id, Role.MENTEE) for pair in pairs}
    if round_.state in BEFORE_PROPOSED:
        asked |= {(mentor.person, Role.MENTOR) for mentor in roster.mentors}
        asked |= {(mentee.person, Role.MENTEE) for mentee in roster.mentees if not mentee.is_class}
    people = _people(session, viewer, {id_ for id_, _ in asked})
    named = people | _others(session, pairs, people)
    words = open_people(session, vault, named.values())
    name = {id_: words[id_].name or person.code for id_, person in named.items()}
    schools = _schools(session, people.values())
    said = _said(decisions_of(session, round_.id))
    links = links_at_work(session, people)
    kinds = {one.id: one.person_kind for one in roster.people}
    shown = round_.state not in BEFORE_PROPOSED
    lines = []
    for id_, role in sorted(asked, key=lambda one: (name.get(one[0], ""), one)):
        if id_ not in people:
            continue
        side = "mentor" if role is Role.MENTOR else "mentee"
        own = [pair for pair in pairs if shown and id_ == getattr(pair, f"{side}_id")]
        proposals = tuple(_proposal(pair, side, name, said) for pair in own)
        link_role = None if id_ in classes.values() else _link_role(role, kinds.get(id_))
        link = next((one for one in links.get(id_, ()) if one.role in (link_role, role)), None)
        found = {one.answer for one in proposals}
        lines.append(
            Line(
                person_id=id_,
                name=name[id_],
                school=schools[people[id_].area_id],
                role=role,
                link_role=link_role,
                answer=next((one for one in _FIRST if one in found), Answer.NOTHING),
                proposals=proposals,
                way=Way.NONE if link is None else Way.MADE if link.used_at is None else Way.OPENED,
                link=link,
            )
        )
    return lines


def _link_role(role: Role, kind: PersonKind | None) -> Role:
    """Return who opens the link: for a pupil his legal representative, who signs for him."""
    return Role.LEGAL_REPRESENTATIVE if role is Role.MENTEE and kind is PersonKind.PUPIL else role


def links_at_work(session: Session, ids: Iterable[str]) -> Mapping[str, Sequence[PersonalLink]]:
    """Return the links of people that work now, the newest first."""
    found: dict[str, list[PersonalLink]] = {}
    for part in chunks(sorted(ids)):
        asked = select(PersonalLink).where(
            col(PersonalLink.person_id).in_(part),
            col(PersonalLink.revoked_at).is_(None),
            PersonalLink.expires_at > now(),
        )
        for link in session.exec(asked.order_by(col(PersonalLink.created_at).desc(), col(PersonalLink.id))):
            found.setdefault(link.person_id, []).append(link)
    return found


def _people(session: Session, viewer: Viewer, ids: Iterable[str]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for part in chunks(sorted(ids)):
        where = col(Person.id).in_(part), in_areas(Person.area_id, viewer), col(Person.erased_at).is_(None)
        found |= {one.id: one for one in session.exec(select(Person).where(*where))}
    return found


def _others(session: Session, pairs: Sequence[Pair], known: Mapping[str, Person]) -> dict[str, Person]:
    ids = {id_ for pair in pairs for id_ in (pair.mentor_id, pair.mentee_id)} - known.keys()
    found: dict[str, Person] = {}
    for part in chunks(sorted(ids)):
        found |= {one.id: one for one in session.exec(select(Person).where(col(Person.id).in_(part)))}
    return found


def _schools(session: Session, people: Iterable[Person]) -> dict[str, str]:
    ids = sorted({one.area_id for one in people})
    return dict(session.exec(select(Area.id, Area.name).where(col(Area.id).in_(ids))).all())


def _said(decisions: Iterable[Decision]) -> dict[tuple[str, str], Decision]:
    """Return the last answer of each side to each pair."""
    return {
        (one.pair_id, one.details["side"]): one
        for one in decisions
        if one.kind in ("accept", "decline") and one.pair_id is not None and "of" not in one.details
    }


def _proposal(pair: Pair, side: str, name: Mapping[str, str], said: Mapping[tuple[str, str], Decision]) -> Proposal:
    own = said.get((pair.id, side))
    if pair.state in LIVE:
        answer = Answer.WORKS
    elif pair.state in OPEN:
        answer = Answer.ACCEPTED if own is not None and own.kind == "accept" else Answer.WAITING
    elif pair.state == "declined":
        answer = Answer.DECLINED if own is not None and own.kind == "decline" else Answer.OTHER_DECLINED
    else:
        answer = Answer.OVER
    return Proposal(
        pair_id=pair.id,
        side=side,
        other=name.get(pair.mentee_id if side == "mentor" else pair.mentor_id, ""),
        answer=answer,
        at=None if own is None else own.made_at,
        on_paper=own is not None and bool(own.details.get("paper")),
    )
