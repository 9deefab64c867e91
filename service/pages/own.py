"""Who acts on the personal pages, and his pairs in plain words: with whom, in what, how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from sqlmodel import col, or_, select

from matcher.io.choices import BLOCKS, FORMS, KINDS, SUBJECTS, TOPICS
from matcher.policy import Policy
from matcher.policy_parts import Pattern
from matcher.roster import Mentee, MentoringForm, MentoringKind
from matcher.texts import Lang, Text, say, text, text_n
from service.errors import not_found
from service.privacy.known import is_minor
from service.records.policies import policy_of
from service.rounds.life import LIVE, OPEN
from service.rounds.pair_list import pairs_seen_by, show_pairs
from service.rounds.people import open_person
from service.rounds.rosters import open_nameless
from service.rounds.show import PairOut
from service.tables.access import PersonalLink, Role
from service.tables.areas import Area, Person
from service.tables.columns import now
from service.tables.rounds import Decision, Pair, RosterFile, Round
from service.work import Work

_WEEK, _MONTH = 7, (28, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The person somebody acts as. ``query`` goes behind addresses where he may act as several."""

    id: str
    name: str
    place: str
    roles: frozenset[Role]
    is_minor: bool
    others: tuple[tuple[str, str], ...] = ()

    @property
    def query(self) -> str:
        """Return what tells in an address who acts, empty where it is clear."""
        return f"?person={self.id}" if self.others else ""

    @property
    def represents(self) -> bool:
        """Say whether he acts for somebody under age."""
        return Role.LEGAL_REPRESENTATIVE in self.roles

    @property
    def may_consent(self) -> bool:
        """Say whether he signs for himself, or as the representative of a child."""
        return self.represents or not self.is_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Another last day that was proposed for a pair and that this side has not answered."""

    decision: str
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPair:
    """A pair as one of its sides sees it."""

    round_id: str
    round_name: str
    pair: PairOut
    side: str
    other: str
    other_id: str
    other_about: str
    helps: tuple[str, ...]
    form: str
    kind: str
    rhythm: Text | None
    first_day: date | None
    last_day: date | None
    term: Term | None

    @property
    def waits(self) -> bool:
        """Say whether this side has still to answer."""
        return self.pair.state in OPEN and self.side not in self.pair.accepted

    @property
    def stage(self) -> str:
        """Return under which heading the pair stands: to answer, answered, working, over."""
        if self.waits:
            return "waits"
        if self.pair.state in OPEN:
            return "answered"
        return "works" if self.pair.state in LIVE else "over"


def acting(work: Work, person_id: str = "") -> Me:
    """Return as whom somebody acts; 404 where he names somebody who is not he."""
    own = sorted(work.viewer.person_ids)
    wanted = person_id or (own[0] if own else "")
    person = work.session.get(Person, wanted) if wanted in own else None
    if person is None or person.erased_at is not None:
        raise not_found()
    others = [one for id_ in own if id_ != person.id and (one := work.session.get(Person, id_)) is not None]
    return Me(
        id=person.id,
        name=_name(work, person),
        place=work.session.get_one(Area, person.area_id).name,
        roles=frozenset(held.role for held in work.viewer.held if held.person_id == person.id),
        is_minor=is_minor(work.session, work.core.vault, person, today(work)),
        others=tuple((one.id, _name(work, one)) for one in others if one.erased_at is None),
    )


def today(work: Work) -> date:
    """Return the day it is where the service stands."""
    return now().astimezone(ZoneInfo(work.core.settings.time_zone)).date()


def clock(minute: int) -> str:
    """Return a time of the day.

    >>> clock(485)
    '08:05'
    """
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def weekday_names(weekday: int, lang: Lang) -> tuple[str, str]:
    """Return the short and the whole name of a weekday; 1 is Monday."""
    short = get_day_names("abbreviated", "stand-alone", locale=lang)[weekday - 1]
    whole = get_day_names("wide", "stand-alone", locale=lang)[weekday - 1]
    return short[:1].upper() + short[1:], whole[:1].upper() + whole[1:]


def own_rounds(work: Work, person_id: str) -> list[Round]:
    """Return the rounds a person has a pair in, and the one his link was made for; the newest first."""
    pairs = select(Pair.round_id).where(or_(Pair.mentor_id == person_id, Pair.mentee_id == person_id))
    linked = select(PersonalLink.round_id).where(
        PersonalLink.id == (work.viewer.link_id or ""), PersonalLink.person_id == person_id
    )
    asked = select(Round).where(or_(col(Round.id).in_(pairs), col(Round.id).in_(linked)))
    return list(work.session.exec(asked.order_by(col(Round.created_at).desc(), col(Round.id))))


def own_pairs(work: Work, me: Me) -> list[OwnPair]:
    """Return the pairs of a person as he may see them, those of newer rounds first."""
    found: list[OwnPair] = []
    for round_ in own_rounds(work, me.id):
        seen = [one for one in pairs_seen_by(work.session, work.viewer, round_) if me.id in _sides(one)]
        if not seen:
            continue
        _, roster = open_nameless(work.core.vault, work.session.get_one(RosterFile, round_.roster_id))
        mentees = {mentee.person: mentee for mentee in roster.mentees}
        people = {person.id: person for person in roster.people}
        shown = show_pairs(
            work.session, work.core.vault, round_, seen, today=today(work), lang=work.lang, viewer=work.viewer
        )
        for pair in shown:
            side = "mentor" if pair.mentor == me.id else "mentee"
            other_id = pair.mentee if side == "mentor" else pair.mentor
            area = pair.mentee_area if side == "mentor" else pair.mentor_area
            entry = people.get(other_id)
            about = [] if entry is None else [label_of("subject", one, work.lang) for one in entry.subjects]
            if pair.mentor_area != pair.mentee_area:
                about.append(work.session.get_one(Area, area).name)
            found.append(
                OwnPair(
                    round_id=round_.id,
                    round_name=round_.name,
                    pair=pair,
                    side=side,
                    other=(pair.mentee_name or pair.mentee_code)
                    if side == "mentor"
                    else (pair.mentor_name or pair.mentor_code),
                    other_id=other_id,
                    other_about=", ".join(about),
                    helps=helps_of(pair, mentees.get(pair.mentee), work.lang),
                    form=label_of("form", pair.form, work.lang),
                    kind=label_of("kind", pair.kind, work.lang),
                    rhythm=rhythm_of(policy_of(round_), pair),
                    first_day=pair.first_day or round_.first_day,
                    last_day=pair.last_day or round_.last_day,
                    term=_term(work, pair, side),
                )
            )
    return found


def _sides(pair: Pair) -> tuple[str, str]:
    return pair.mentor_id, pair.mentee_id


def _name(work: Work, person: Person) -> str:
    return open_person(work.session, work.core.vault, person).name or person.code


@cache
def _labels(lang: Lang) -> Mapping[str, Mapping[str, str]]:
    choices = {"form": FORMS, "kind": KINDS, "topic": TOPICS, "block": BLOCKS, "subject": SUBJECTS}
    return {name: {choice.id: choice.label(lang) for choice in found} for name, found in choices.items()}


def label_of(what: str, value: str, lang: Lang) -> str:
    """Return what a form, kind, topic, block or subject is called."""
    return _labels(lang)[what].get(value, value)


def helps_of(pair: PairOut, mentee: Mentee | None, lang: Lang) -> tuple[str, ...]:
    """Return in words what the mentor is to help with; what the list no longer says is left out."""
    found, blocks = [], []
    for name in pair.covers:
        what, _, which = name.partition(":")
        if what == "deficit":
            blocks.append(label_of("block", which.partition(":")[0], lang))
        elif mentee is not None and int(which) < len(mentee.requests):
            request = mentee.requests[int(which)]
            subject = f" ({label_of('subject', request.subject, lang)})" if request.subject else ""
            found.append(label_of("topic", str(request.topic), lang) + subject)
    if blocks:
        found.append(say(text("skills: {blocks}", blocks=", ".join(dict.fromkeys(blocks))), lang))
    return tuple(dict.fromkeys(found))


def rhythm_of(policy: Policy, pair: PairOut) -> Text | None:
    """Return how often a pair meets, None where the regulation does not say."""
    try:
        pattern = policy.pattern_of(MentoringKind(pair.kind), MentoringForm(pair.form))
    except KeyError:
        return None
    return rhythm_text(pattern)


def rhythm_text(pattern: Pattern) -> Text:
    """Return how often two meet, in plain words."""
    minutes = pattern.minutes
    if pattern.reserve_minutes_per_month is not None:
        return text("when help is needed, up to {minutes} minutes a month", minutes=pattern.reserve_minutes_per_month)
    days = pattern.every_days
    if days is None:
        return text("one meeting of {minutes} minutes", minutes=minutes)
    if days == _WEEK:
        return text("once a week for {minutes} minutes", minutes=minutes)
    if days == 2 * _WEEK:
        return text("once in two weeks for {minutes} minutes", minutes=minutes)
    if _MONTH[0] <= days <= _MONTH[1]:
        return text("once a month for {minutes} minutes", minutes=minutes)
    return text_n(
        "every day for {minutes} minutes", "every {count} days for {minutes} minutes", count=days, minutes=minutes
    )


def _term(work: Work, pair: PairOut, side: str) -> Term | None:
    """Return a term that was proposed and that this side is asked about and has not answered."""
    if pair.state not in ("active", "prolonged"):
        return None
    asked = select(Decision).where(
        Decision.pair_id == pair.id,
        col(Decision.kind).in_(("prolong", "accept")),
        col(Decision.undone_by_id).is_(None),
    )
    rows = list(work.session.exec(asked.order_by(col(Decision.number).desc())))
    proposal = next((one for one in rows if one.kind == "prolong"), None)
    if proposal is None or side not in proposal.details["needs"] or side in proposal.details["agreed"]:
        return None
    if any(one.details.get("of") == proposal.id and one.details["side"] == side for one in rows):
        return None
    return Term(decision=proposal.id, last_day=date.fromisoformat(proposal.details["last_day"]))
