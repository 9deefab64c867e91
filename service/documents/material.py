"""What papers of a round are made of: read once, each part when a builder first asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from matcher import roster as core
from matcher.io.speaker import lowered
from matcher.months import full_months
from matcher.policy import Policy
from matcher.roster import PersonKind
from service.documents.words import day, small, word
from service.keys import Erased
from service.organisations.details import House, houses_of
from service.organisations.names import NOBODY, Named, named
from service.records.banks import Bank, open_bank
from service.records.councils import council_of
from service.records.gate_ticks import CouncilFields
from service.records.kind import F, Kind
from service.records.policies import policy_of
from service.records.store import read_fields
from service.rounds.case import consents_in_force
from service.rounds.decided import decisions_of
from service.rounds.end_orders import end_orders
from service.rounds.life import LIVE, OPEN
from service.rounds.people import PersonWords, chunks, open_people, people_by_id
from service.rounds.rosters import open_nameless
from service.tables.areas import Area, Person
from service.tables.records import Record
from service.tables.rounds import Decision, Meeting, MeetingPerson, Order, Pair, RosterFile, Round
from service.vault import Vault

T = TypeVar("T")
_OF_AGE = 18 * 12
STANDING = (*OPEN, *LIVE)
"""States of pairs that papers may be made for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """A mentor or mentee as papers name him."""

    id: str
    code: str
    name: Named
    position: str
    organisation: str
    area_id: str
    is_staff: bool
    is_class: bool
    is_minor: bool
    born: str
    school_class: str
    representative: Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Two:
    """A pair as papers name it."""

    id: str
    mentor: Someone
    mentee: Someone
    form: str
    kind: str
    model: str
    state: str
    group: str
    topics: tuple[str, ...]
    first_day: str
    last_day: str


class Material:
    """The data of a round, as far as one asker may see them. ``pairs`` are those he sees (or the one he chose)."""

    def __init__(
        self,
        session: Session,
        vault: Vault,
        round_: Round,
        place: Area,
        pairs: Sequence[Pair],
        today: date,
        *,
        own: bool = False,
        signers: Collection[str] | None = None,
    ) -> None:
        self.session, self.vault, self.round_, self.today = session, vault, round_, today
        self.area = place
        """The area the papers are for: that of the round, or the one of it that the asker looks after."""
        self.all_pairs = tuple(pairs)
        self.is_own = own
        """Whether a participant asks, who sees his own papers only."""
        self._signers = signers

    @cached_property
    def policy(self) -> Policy:
        """The regulation of the round."""
        return policy_of(self.round_)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs that stand, by the names of their mentees."""
        return self.in_order(pair for pair in self.all_pairs if pair.state in STANDING)

    @cached_property
    def worked(self) -> tuple[Pair, ...]:
        """The pairs that work or have worked."""
        return self.in_order(pair for pair in self.all_pairs if pair.state in (*LIVE, "closed", "terminated"))

    def in_order(self, pairs: Iterable[Pair]) -> tuple[Pair, ...]:
        """Return pairs by the names of their mentees, then of their mentors."""
        return tuple(sorted(pairs, key=lambda one: (*map(self._sort_name, (one.mentee_id, one.mentor_id)), one.id)))

    def _sort_name(self, person_id: str) -> str:
        return (self._words[person_id].name or self._people[person_id].code).casefold()

    @cached_property
    def houses(self) -> Mapping[str, House]:
        """The organisations of the pairs and the area of the round, by id."""
        ids = {self.area.id}
        for pair in self.all_pairs:
            ids |= {pair.area_id, pair.mentor_area_id, pair.mentee_area_id}
        ids |= {person.area_id for person in self._people.values()}
        return houses_of(self.session, self.vault, self.session.exec(select(Area).where(col(Area.id).in_(ids))))

    @property
    def house(self) -> House:
        """The area the papers are for, as they name it."""
        return self.houses[self.area.id]

    @cached_property
    def bank(self) -> Bank:
        """Everybody of the area."""
        return open_bank(self.session, self.vault, self.area)

    @cached_property
    def people(self) -> Mapping[str, Someone]:
        """The people of the pairs, by id."""
        return {id_: self._someone(person) for id_, person in self._people.items()}

    def signs(self, person_id: str) -> bool:
        """Say whether the papers this person signs are for the asker to print: his own people's, or his own."""
        return self._signers is None or person_id in self._signers

    @cached_property
    def _people(self) -> Mapping[str, Person]:
        ids = {one for pair in self.all_pairs for one in (pair.mentor_id, pair.mentee_id)}
        return people_by_id(self.session, ids)

    @cached_property
    def _words(self) -> Mapping[str, PersonWords]:
        return open_people(self.session, self.vault, self._people.values())

    @cached_property
    def _roster(self) -> tuple[dict[str, str], core.Roster]:
        return open_nameless(self.vault, self.session.get_one(RosterFile, self.round_.roster_id))

    @cached_property
    def said(self) -> Mapping[str, core.Person]:
        """What the roster says of people, by the ids of their rows."""
        return {one.id: one for one in self._roster[1].people}

    @cached_property
    def _requests(self) -> Mapping[str, Sequence[core.Request]]:
        classes, roster = self._roster
        return {classes.get(one.person, one.person): one.requests for one in roster.mentees}

    def _someone(self, person: Person) -> Someone:
        said, words = self.said.get(person.id), self._words[person.id]
        is_class = person.id in self._roster[0].values()
        kind = None if said is None else said.person_kind
        minor = kind is PersonKind.PUPIL and not is_class
        if words.birth_date is not None:
            minor = full_months(words.birth_date, self.today) < _OF_AGE
        position = "" if said is None else lowered(word("position", said.position))
        if kind is PersonKind.PUPIL:
            position = "обучающийся"
        shown = words.name or (f"{person.code} класс" if is_class else person.code)
        return Someone(
            id=person.id,
            code=person.code,
            name=named(shown),
            position=position,
            organisation=self.houses[person.area_id].name,
            area_id=person.area_id,
            is_staff=kind in (None, PersonKind.STAFF) and not is_class,
            is_class=is_class,
            is_minor=minor,
            born=day(words.birth_date),
            school_class="" if said is None else said.school_class or "",
            representative=named(words.legal_representative) if words.legal_representative else NOBODY,
        )

    def two(self, pair: Pair) -> Two:
        """Return a pair as papers name it."""
        return Two(
            id=pair.id,
            mentor=self.people[pair.mentor_id],
            mentee=self.people[pair.mentee_id],
            form=self.form(pair.form),
            kind=small("kind", pair.kind),
            model=small("model", pair.model),
            state=word("pair_state", pair.state),
            group=pair.group_code or "",
            topics=self._topics(pair),
            first_day=day(self.first_day(pair)),
            last_day=day(self.last_day(pair)),
        )

    def form(self, value: str) -> str:
        """Return a form as the regulation of the round calls it."""
        rule = next((rule for form, rule in self.policy.forms.items() if str(form) == value), None)
        return small("form", value) if rule is None else lowered(rule.title)

    def first_day(self, pair: Pair) -> date | None:
        """Return when a pair begins, as far as it is known."""
        return pair.first_day or self.round_.first_day

    def last_day(self, pair: Pair) -> date | None:
        """Return when a pair ends, as far as it is known."""
        return pair.last_day or self.round_.last_day

    def _topics(self, pair: Pair) -> tuple[str, ...]:
        found, requests = [], self._requests.get(pair.mentee_id, ())
        for need in pair.covers:
            what, _, which = need.partition(":")
            if what == "request" and which.isdecimal() and int(which) < len(requests):
                asked = requests[int(which)]
                subject = f" ({small('subject', asked.subject)})" if asked.subject else ""
                found.append(small("topic", asked.topic) + subject)
        return tuple(dict.fromkeys(found))

    @cached_property
    def order(self) -> Order | None:
        """The newest order that fixes pairs of the round."""
        found = select(Order).where(Order.round_id == self.round_.id, Order.document == "D-04")
        return self.session.exec(found.order_by(col(Order.created_at).desc())).first()

    @cached_property
    def end_orders(self) -> Mapping[str, Order]:
        """The newest order that ends or replaces (D-18), by pair."""
        return end_orders(self.session, self.vault, self.round_.id)

    @cached_property
    def council(self) -> CouncilFields | None:
        """The council of mentors of the area, as it was approved."""
        return council_of(self.session, self.vault, self.area)

    @cached_property
    def decisions(self) -> Sequence[Decision]:
        """Every decision of the round that stands."""
        return decisions_of(self.session, self.round_.id)

    @cached_property
    def meetings(self) -> Mapping[str, Sequence[Meeting]]:
        """The meetings that are not called off, by pair, in order."""
        rows = self.session.exec(
            select(Meeting)
            .where(Meeting.round_id == self.round_.id, Meeting.state != "cancelled")
            .order_by(col(Meeting.day), col(Meeting.start_minute), col(Meeting.id))
        ).all()
        if self.is_own:
            rows = [one for one in rows if one.state != "draft"]
        seats: dict[str, set[str]] = defaultdict(set)
        for part in chunks([one.id for one in rows]):
            for seat in self.session.exec(select(MeetingPerson).where(col(MeetingPerson.meeting_id).in_(part))):
                seats[seat.meeting_id].add(seat.person_id)
        by_person: dict[str, list[Meeting]] = defaultdict(list)
        for one in rows:
            for person in seats[one.id]:
                by_person[person].append(one)
        return {
            pair.id: [one for one in by_person[pair.mentee_id] if pair.mentor_id in seats[one.id]]
            for pair in self.all_pairs
        }

    @cached_property
    def consents(self) -> Mapping[str, Mapping[str, str]]:
        """The purposes each person has consented to."""
        return consents_in_force(self.session, self._people, self.round_.id, self.today)

    def records_of_pairs(self, kind: Kind[F]) -> dict[str, list[tuple[Record, F]]]:
        """Return the newest versions of a kind by pair; those of people erased are left out."""
        rows: list[Record] = []
        for part in chunks(sorted(pair.id for pair in self.all_pairs)):
            rows += self._newest(kind.id).where(Record.pair_id, part)
        found: dict[str, list[tuple[Record, F]]] = defaultdict(list)
        for row in rows:
            said = self._read(kind, row)
            if said is not None:
                found[row.pair_id or ""].append((row, said))
        return found

    def records_of_round(self, kind: Kind[F]) -> list[tuple[Record, F]]:
        """Return the newest versions of a kind that hang on the round."""
        return self._opened(kind, self._newest(kind.id).where(Record.round_id, [self.round_.id]))

    def records_of_areas(self, kind: Kind[F], areas: Collection[str]) -> list[tuple[Record, F]]:
        """Return the newest versions of a kind that hang on areas, the oldest first."""
        return self._opened(kind, self._newest(kind.id).where(Record.area_id, sorted(areas)))

    def _opened(self, kind: Kind[F], rows: Sequence[Record]) -> list[tuple[Record, F]]:
        opened = ((row, self._read(kind, row)) for row in rows)
        return [(row, said) for row, said in opened if said is not None]

    def _read(self, kind: Kind[F], row: Record) -> F | None:
        try:
            return read_fields(self.session, self.vault, kind, row)
        except Erased:
            return None

    def _newest(self, kind: str) -> _Newest:
        return _Newest(self.session, kind)


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest versions of a kind of record, to be narrowed by a column."""

    session: Session
    kind: str

    def where(self, column: Any, values: Sequence[str]) -> list[Record]:
        """Return those whose column has one of some values, the oldest first."""
        query = select(Record).where(Record.kind == self.kind, col(Record.replaced_at).is_(None))
        return list(self.session.exec(query.where(col(column).in_(values)).order_by(col(Record.created_at))))
