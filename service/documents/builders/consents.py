"""What people sign: consent to duties (D-05), to the use of personal data (D-06), the agreement (D-07).

References
----------
Labour Code art. 351.8 (content, term, form and pay; refusal with three working days' notice); 152-FZ art. 9 and
156-FZ (a paper of its own, the parent of a minor signs); A-42 (people who are no employees sign an agreement).
"""

from __future__ import annotations

from dataclasses import dataclass

from service.documents.material import Material, Someone, Two
from service.documents.words import day, listed, small
from service.organisations.details import House
from service.records.programme_fields import ProgrammeFields
from service.records.programmes import Programme
from service.tables.rounds import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One pair in which somebody takes on duties."""

    other: Someone
    form: str
    kind: str
    mode: str
    content: str
    first_day: str
    last_day: str
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutiesPaper:
    """The consent of one person."""

    house: House
    person: Someone
    role: str
    duties: tuple[Duty, ...]
    payment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """D-05: the consent of everybody who takes on duties."""

    regulation: str
    papers: tuple[DutiesPaper, ...]


def programmes_of(it: Material) -> dict[str, ProgrammeFields]:
    """Return the newest programme of each pair."""
    return {pair: rows[-1][1] for pair, rows in it.records_of_pairs(Programme()).items()}


def build_duties(it: Material, person: str | None = None) -> Duties:
    """Return the consents: of mentors always, of adult mentees where the regulation asks both sides (KAL 3.8)."""
    programmes, by_person = programmes_of(it), dict[tuple[str, str], list[Pair]]()
    both = "regulation" in map(str, it.policy.consent.written)
    for pair in it.pairs:
        by_person.setdefault((pair.mentor_id, "mentor"), []).append(pair)
        if both:
            by_person.setdefault((pair.mentee_id, "mentee"), []).append(pair)
    papers = []
    for (id_, role), pairs in by_person.items():
        who = it.people[id_]
        if who.is_minor or not who.is_staff or person not in (None, id_) or not it.signs(id_):
            continue
        papers.append(
            DutiesPaper(
                house=it.houses[who.area_id],
                person=who,
                role=role,
                duties=tuple(_duty(it, pair, role, programmes.get(pair.id)) for pair in pairs),
                payment=it.houses[who.area_id].payment if role == "mentor" else "",
            )
        )
    papers.sort(key=lambda one: (one.role != "mentor", one.person.name.name.casefold()))
    return Duties(regulation=it.policy.title, papers=tuple(papers))


def _duty(it: Material, pair: Pair, role: str, programme: ProgrammeFields | None) -> Duty:
    two = it.two(pair)
    said = None if programme is None or programme.content is None else getattr(programme.content, role)
    mode = "" if programme is None else small("mode", programme.mode)
    meetings = it.meetings[pair.id]
    hours = sum(one.end_minute - one.start_minute for one in meetings) / 60
    return Duty(
        other=two.mentee if role == "mentor" else two.mentor,
        form=two.form,
        kind=two.kind,
        mode=mode or listed(small("mode", one.mode) for one in meetings),
        content=said or listed(two.topics),
        first_day=two.first_day,
        last_day=two.last_day,
        hours=f"{hours:.1f}".replace(".", ",").removesuffix(",0") if hours else "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPaper:
    """The consent of one person, or of his legal representative, to the use of personal data."""

    house: House
    person: Someone
    last_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataConsents:
    """D-06: a separate paper for each person."""

    round: str
    papers: tuple[DataPaper, ...]


def build_data_consents(it: Material, person: str | None = None) -> DataConsents:
    """Return the consents to the use of personal data of everybody in the pairs; a class signs nothing."""
    last: dict[str, list[Pair]] = {}
    for pair in it.pairs:
        for id_ in (pair.mentor_id, pair.mentee_id):
            last.setdefault(id_, []).append(pair)
    papers = []
    for id_, pairs in last.items():
        who = it.people[id_]
        if who.is_class or person not in (None, id_) or not it.signs(id_):
            continue
        days = [one for one in (it.last_day(pair) for pair in pairs) if one is not None]
        papers.append(DataPaper(house=it.houses[who.area_id], person=who, last_day=day(max(days, default=None))))
    papers.sort(key=lambda one: one.person.name.name.casefold())
    return DataConsents(round=it.round_.name, papers=tuple(papers))


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPaper:
    """The agreement of one pair."""

    house: House
    pair: Two
    goals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreements:
    """D-07: an agreement for each pair."""

    regulation: str
    papers: tuple[AgreementPaper, ...]


def build_agreements(it: Material) -> Agreements:
    """Return the agreements of all pairs chosen; of a minor his legal representative signs."""
    programmes = programmes_of(it)
    papers = [
        AgreementPaper(
            house=it.houses[pair.mentee_area_id],
            pair=it.two(pair),
            goals=programmes[pair.id].goals if pair.id in programmes else (),
        )
        for pair in it.pairs
    ]
    return Agreements(regulation=it.policy.title, papers=tuple(papers))
