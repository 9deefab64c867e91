"""What the review board shows of a round: its pairs, the load of mentors, the balance of schools; read leanly."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import or_
from sqlalchemy import select as pick
from sqlmodel import Session, col, select

from matcher.io.choices import BLOCKS, CONTOURS, FORMS, KINDS, SUBJECTS, TOPICS
from matcher.policy import Policy
from matcher.roster import Mentee, Mentor, MentorStatus
from matcher.texts import Lang, say, text
from service.among import among
from service.pages.board_kept import KEPT, Drawn, Stamp, stamp_of_pairs, stamp_of_people
from service.pages.board_shapes import Asked, Balance, BoardView, Line, Load, PairRow, Sort, Who
from service.records.policies import policy_of
from service.rounds.decided import read_decided
from service.rounds.desk import pairs_in_sight
from service.rounds.life import LIVE, OPEN
from service.rounds.people import known_people
from service.rounds.rosters import open_nameless
from service.tables.areas import Area, Person
from service.tables.rounds import Pair, RosterFile, Round
from service.work import Work

STANDING = frozenset({*OPEN, *LIVE})
PER_PAGE = 50
_ORDER = {state: at for at, state in enumerate((*OPEN, *LIVE, "closed", "terminated", "declined", "dropped"))}


@cache
def _labels(lang: Lang) -> Mapping[str, Mapping[str, str]]:
    kinds = {"form": FORMS, "kind": KINDS, "topic": TOPICS, "block": BLOCKS, "subject": SUBJECTS, "contour": CONTOURS}
    return {name: {choice.id: choice.label(lang) for choice in choices} for name, choices in kinds.items()}


def word_of(lang: Lang) -> Callable[[str, str | None], str]:
    """Return what says an enumerated value ("kind", "reverse") in a language."""
    labels = _labels(lang)
    return lambda what, value: "" if value is None else labels[what].get(str(value), str(value))


class Reader:
    """Reads the board of one round for one request."""

    def __init__(self, work: Work, round_: Round) -> None:
        self._session, self._vault, self.round = work.session, work.core.vault, round_
        self._viewer, self.lang = work.viewer, work.lang
        classes, nameless = open_nameless(self._vault, self._session.get_one(RosterFile, round_.roster_id))
        self._mentees: dict[str, Mentee] = {classes.get(one.person, one.person): one for one in nameless.mentees}
        self._mentors: dict[str, Mentor] = {
            one.person: one for one in nameless.mentors if one.status is not MentorStatus.LEFT
        }
        self._policy: Policy = policy_of(round_)
        self._count: Counter[str] = Counter()
        self._stamp: Stamp = ()

    def board(self, asked: Asked, *, with_frame: bool = True) -> BoardView:
        """Return what was asked for; without the frame the mentors and schools beside the pairs are left out."""
        is_whole = with_frame and self._sees_whole()
        lines = self._lines()
        who = {one.id: one for line in lines for one in (line.mentor, line.mentee)} if with_frame else {}
        if is_whole:
            who |= self._others(who.keys())
        self._count = Counter(
            line.pair.mentor_id for line in lines if line.pair.state in STANDING and line.pair.group_code is None
        )
        standing = [line for line in lines if line.pair.state in STANDING]
        kept = [line for line in lines if _is_wanted(line, asked)]
        kept.sort(key=lambda line: (line.mentee.name, line.mentor.name))
        kept.sort(key=_KEYS[asked.sort], reverse=asked.down)
        loads = self._loads(who) if with_frame else []
        return BoardView(
            lines=self._answered(kept[asked.start : asked.start + PER_PAGE]),
            num_lines=len(kept),
            num_pairs=len(standing),
            num_groups=len({line.pair.group_code for line in standing if line.pair.group_code}),
            num_mentees=len(self._mentees) if is_whole else len({line.mentee.id for line in standing}),
            num_served=len({line.mentee.id for line in standing}),
            loads=loads,
            schools=self._schools(standing, who, loads) if is_whole else (),
            states=sorted({line.pair.state for line in lines}, key=list(_ORDER).index),
            subjects=sorted({name for line in standing for name in line.subjects}),
        )

    def _lines(self) -> Sequence[Line]:
        """Return every pair in sight as a line, as they were built last where nothing has changed."""
        round_, roster = self.round, self._session.get_one(RosterFile, self.round.roster_id)
        condition = (col(Pair.round_id) == round_.id) & pairs_in_sight(self._viewer)
        sides = (pick(col(side)).where(condition) for side in (Pair.mentor_id, Pair.mentee_id))
        self._stamp = (
            (round_.version, round_.plan_id, round_.policy_toml, roster.id, roster.version),
            stamp_of_pairs(self._session, condition),
            stamp_of_people(self._session, or_(*(col(Person.id).in_(side) for side in sides))),
        )
        return KEPT.get(("lines", *self._sight()), self._stamp, self._built)

    def drawn(self, num_rows: int) -> Drawn:
        """Return the rows that were drawn already, to be added to; they offer what the viewer may do."""
        rights = frozenset((one.role, one.path) for one in self._viewer.held)
        return KEPT.get(("rows", self.lang, rights, *self._sight()), self._stamp, Drawn, num_rows)

    def _built(self) -> Sequence[Line]:
        pairs = self._pairs()
        who = self.who({id_ for pair in pairs for id_ in (pair.mentor_id, pair.mentee_id)})
        self._count = Counter(p.mentor_id for p in pairs if p.state in STANDING and p.group_code is None)
        return [self._line(pair, who) for pair in pairs]

    def _others(self, shown: Iterable[str]) -> Mapping[str, Who]:
        """Return the mentors and mentees of the roster who are in no pair."""
        ids = (self._mentors.keys() | self._mentees.keys()) - set(shown)
        stamp = (frozenset(ids), stamp_of_people(self._session, among(Person.id, ids)))
        return KEPT.get(("others", *self._sight()), stamp, lambda: self.who(ids))

    def _sight(self) -> tuple[Hashable, ...]:
        """Return what may be seen of which round, as a key."""
        return (self._vault, self.round.id, frozenset(self._viewer.paths), self._viewer.person_ids)

    def _pairs(self, *more: Any) -> list[PairRow]:
        columns = [col(getattr(Pair, name)) for name in PairRow._fields]
        asked = pick(*columns).where(col(Pair.round_id) == self.round.id, pairs_in_sight(self._viewer), *more)
        return [PairRow(*row) for row in self._session.execute(asked)]

    def one(self, pair_id: str) -> Line | None:
        """Return one pair in sight as the board shows it."""
        found = self._pairs(col(Pair.id) == pair_id)
        if not found:
            return None
        (pair,) = found
        alone = col(Pair.state).in_(tuple(STANDING)) & col(Pair.group_code).is_(None)
        held = select(Pair.id).where(Pair.round_id == self.round.id, Pair.mentor_id == pair.mentor_id, alone)
        self._count = Counter({pair.mentor_id: len(self._session.exec(held).all())})
        return self._answered([self._line(pair, self.who({pair.mentor_id, pair.mentee_id}))])[0]

    def standing(self) -> list[PairRow]:
        """Return the pairs in sight that stand."""
        return self._pairs(col(Pair.state).in_(tuple(STANDING)))

    def ids_of_mentors(self) -> dict[str, str]:
        """Return the code of every mentor of the roster → his id."""
        return {one.code: id_ for id_, one in known_people(self._session, self._mentors).items()}

    def _sees_whole(self) -> bool:
        area = self._session.get_one(Area, self.round.area_id)
        return any(area.path.startswith(path) for path in self._viewer.paths)

    def who(self, ids: set[str]) -> dict[str, Who]:
        """Return people as they are called; who was erased is called by nothing but a dash."""
        people = known_people(self._session, ids)
        areas = _names_of_areas(self._session, {person.area_id for person in people.values()})
        return {
            id_: Who(
                id=id_,
                name="—" if one.erased_at is not None else one.words(self._vault).name or one.code,
                school=areas.get(one.area_id, ""),
            )
            for id_, one in people.items()
        }

    def _line(self, pair: PairRow, who: Mapping[str, Who]) -> Line:
        mentee = self._mentees.get(pair.mentee_id)
        needs = 0 if mentee is None else len(mentee.requests) + sum(one.gap > 0 for one in mentee.deficits)
        requests = () if mentee is None else mentee.requests
        subjects = frozenset(one.subject for one in requests if one.subject)
        return Line(
            pair=pair,
            mentor=who[pair.mentor_id],
            mentee=who[pair.mentee_id],
            covered=len(pair.covers),
            needs=max(needs, len(pair.covers)),
            subjects=subjects,
            accepted=(),
            load=self._load(who[pair.mentor_id]),
        )

    def _answered(self, lines: Sequence[Line]) -> list[Line]:
        """Return the lines of a page with who has agreed already."""
        given = read_decided(self._session, self._vault, self.round.id).accepted
        return [
            replace(line, accepted=tuple(side for side in ("mentor", "mentee") if (line.pair.id, side) in given))
            for line in lines
        ]

    def covers(self, line: Line) -> tuple[str, ...]:
        """Return in words what a pair covers; the roster may have changed since, then what is gone is left out."""
        found, word, mentee = [], word_of(self.lang), self._mentees.get(line.pair.mentee_id)
        for name in line.pair.covers:
            what, _, which = name.partition(":")
            if what == "deficit":
                block = word("block", which.partition(":")[0])
                found.append(say(text("gap: {block} competences", block=block), self.lang))
            elif mentee is not None and int(which) < len(mentee.requests):
                request = mentee.requests[int(which)]
                subject = f" ({word('subject', request.subject)})" if request.subject else ""
                found.append(word("topic", str(request.topic)) + subject)
        return tuple(found)

    def _loads(self, who: Mapping[str, Who]) -> list[Load]:
        """Return the load of every mentor in sight: those with a free place first, then by name."""
        found = [self._load(who[id_]) for id_ in self._mentors if id_ in who]
        return sorted(found, key=lambda load: (load.is_full, load.mentor.name))

    def _load(self, who: Who) -> Load:
        mentor = self._mentors.get(who.id)
        own = None if mentor is None else mentor.max_individual
        most = self._policy.load.max_individual_mentees if own is None else own
        return Load(mentor=who, count=self._count[who.id], most=0 if mentor is None else most)

    def _schools(self, standing: Sequence[Line], who: Mapping[str, Who], loads: Sequence[Load]) -> list[Balance]:
        served = {line.mentee.id for line in standing}
        mentees: dict[str, list[bool]] = defaultdict(list)
        for id_ in self._mentees:
            if id_ in who:
                mentees[who[id_].school].append(id_ in served)
        places: Counter[str] = Counter()
        for load in loads:
            places[load.mentor.school] += max(0, load.most - load.count)
        return [
            Balance(name=name, served=sum(mentees[name]), mentees=len(mentees[name]), places=places[name])
            for name in sorted({*mentees, *places})
        ]


def _names_of_areas(session: Session, ids: set[str]) -> dict[str, str]:
    return dict(session.exec(select(Area.id, Area.name).where(col(Area.id).in_(ids))).all())


def _is_wanted(line: Line, asked: Asked) -> bool:
    if asked.state:
        if line.pair.state != asked.state:
            return False
    elif line.pair.state not in STANDING:
        return False
    if asked.subject and asked.subject not in line.subjects:
        return False
    if asked.school and asked.school not in (line.mentee.school, line.mentor.school):
        return False
    if not asked.q:
        return True
    words = f"{line.mentor.name} {line.mentee.name} {line.mentee.school} {line.mentor.school}".casefold()
    return all(part in words for part in asked.q.casefold().split())


_KEYS: Mapping[Sort, Callable[[Line], Any]] = {
    "mentor": lambda line: line.mentor.name,
    "mentee": lambda line: line.mentee.name,
    "state": lambda line: _ORDER[line.pair.state],
    "school": lambda line: line.mentee.school,
    "covers": lambda line: line.share,
}


def pair_in_sight(work: Work, round_: Round, pair_id: str) -> Pair | None:
    """Return a pair of a round, where the viewer may see it."""
    asked = select(Pair).where(Pair.id == pair_id, Pair.round_id == round_.id, pairs_in_sight(work.viewer))
    return work.session.exec(asked).first()
