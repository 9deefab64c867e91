"""The bundle for the section on mentoring of the site (D-16): seven blocks, names only where people agreed.

References
----------
KAL 4.12 (blocks; results after programmes are over), A-29 (initials or counts without a dissemination consent).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.documents.material import Material
from service.documents.words import day, listed, long_day, small, word
from service.organisations.details import House
from service.records.banks import OVER, WORKING
from service.records.gate_ticks import Document
from service.records.plans_of_areas import Event
from service.records.programmes import Programme
from service.records.publications import Publication, may_be_named
from service.records.registers import mentee_register, mentor_register
from service.records.resources import Practice
from service.records.words import SiteBlock


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A paragraph of a block: its heading, and lines below."""

    title: str
    lines: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One of the seven blocks; an empty one says so on the site."""

    id: str
    number: int
    title: str
    intro: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """D-16: what the site shows."""

    house: House
    regulation: str
    day: str
    blocks: tuple[Block, ...]


_LAWS = (
    "Трудовой кодекс Российской Федерации, статья 351.8 «Особенности регулирования труда работников, выполняющих "
    "работу по наставничеству в сфере труда»",
    "Федеральный закон от 29.12.2012 № 273-ФЗ «Об образовании в Российской Федерации»",
    "Федеральный закон от 27.07.2006 № 152-ФЗ «О персональных данных»",
)


def build_bundle(it: Material) -> Bundle:
    """Return the seven blocks."""
    makers = {
        SiteBlock.PROGRAMMES: _programmes,
        SiteBlock.MENTORS: _mentors,
        SiteBlock.MENTEES: _mentees,
        SiteBlock.BEST_CASES: _cases,
        SiteBlock.NORMS: _norms,
        SiteBlock.METHODICAL: _nothing,
        SiteBlock.NEWS: _news,
    }
    published = [
        said for rows in it.records_of_pairs(Publication()).values() for r, said in rows if r.state == "published"
    ]
    return Bundle(
        house=it.house,
        regulation=it.policy.title,
        day=long_day(it.today),
        blocks=tuple(
            Block(
                id=str(block),
                number=number,
                title=word("site_block", block),
                intro=_intro(it, block),
                pieces=(
                    *makers[block](it),
                    *(
                        Piece(title=one.title, lines=tuple((one.words or "").splitlines()), link=one.link or "")
                        for one in published
                        if one.block is block
                    ),
                ),
            )
            for number, block in enumerate(SiteBlock, start=1)
        ),
    )


def _intro(it: Material, block: SiteBlock) -> str:
    if block is SiteBlock.MENTORS:
        count = len({pair.mentor_id for pair in it.bank.pairs if pair.state in (*WORKING, *OVER)})
        return f"Наставников, работающих и работавших в программах: {count}."
    if block is SiteBlock.MENTEES:
        count = len({pair.mentee_id for pair in it.bank.pairs if pair.state in (*WORKING, *OVER)})
        return f"Наставляемых в программах: {count}."
    return ""


def _programmes(it: Material) -> Iterable[Piece]:
    """Yield programmes that are over, nobody named."""
    pairs = {pair.id: pair for pair in it.all_pairs}
    for id_, rows in sorted(it.records_of_pairs(Programme()).items()):
        record, said = rows[-1]
        if record.state != "closed":
            continue
        pair = pairs[id_]
        term = f"{day(said.term.first_day)} – {day(said.term.last_day)}" if said.term is not None else ""
        lines = [
            f"Вид: {small('kind', pair.kind)}",
            *([f"Срок: {term}"] if term else []),
            *([f"Направления: {listed(word('direction', one) for one in said.directions)}"] if said.directions else []),
            *(f"Результат: {one.result}" for one in said.planned_results if one.reached),
        ]
        yield Piece(title=f"Программа в форме «{it.form(pair.form)}»", lines=tuple(lines))


def _mentors(it: Material) -> Iterable[Piece]:
    for one in mentor_register(it.session, it.bank):
        if one.pairs_now + one.pairs_over and not _is_young(it, one.id):
            topics = listed(small("topic", topic) for topic in one.topics)
            words = (
                listed((small("position", one.position), one.organisation)),
                f"Вопросы: {topics}" if topics else "",
            )
            yield Piece(title=_shown(it, one.id, one.name), lines=tuple(filter(None, words)))


def _mentees(it: Material) -> Iterable[Piece]:
    """Yield the mentees; of minors nothing but their number is told (it stands in the introduction)."""
    for one in mentee_register(it.bank):
        if one.mentors_now + one.pairs_over and not _is_young(it, one.id):
            words = (small("position", one.position), one.organisation, small("category", one.primary_category))
            yield Piece(title=_shown(it, one.id, one.name), lines=tuple(filter(None, [listed(words)])))


def _is_young(it: Material, person_id: str) -> bool:
    said = it.bank.said.get(person_id)
    known = it.people.get(person_id)
    return said is None or str(said.person_kind) == "pupil" or (known is not None and known.is_minor)


def _shown(it: Material, person_id: str, name: str) -> str:
    """Return the name where the person agreed to that, else initials only."""
    if name and may_be_named(it.session, person_id, it.today):
        return name
    return " ".join(f"{part[0]}." for part in name.split() if part[0].isalpha()) or "без имени"


def _cases(it: Material) -> Iterable[Piece]:
    for record, said in it.records_of_areas(Practice(), it.bank.areas):
        if record.state == "published":
            parts = (("Проблема", said.problem), ("Описание", said.description), ("Результат", said.result))
            yield Piece(title=said.title, lines=tuple(f"{t}: {w}" for t, w in parts if w), link=said.link or "")


def _norms(it: Material) -> Iterable[Piece]:
    yield Piece(title="Федеральный уровень", lines=_LAWS)
    yield Piece(title="Положение о наставничестве", lines=(it.policy.title,))
    acts = [
        listed([said.title, f"№ {said.number}" if said.number else "", f"от {day(said.day)}" if said.day else ""])
        for record, said in it.records_of_areas(Document(), it.area.path.strip("/").split("/"))
        if record.state == "in_force"
    ]
    if acts:
        yield Piece(title="Локальные акты", lines=tuple(acts))


def _nothing(it: Material) -> Iterable[Piece]:
    return ()


def _news(it: Material) -> Iterable[Piece]:
    events = [said for record, said in it.records_of_areas(Event(), it.bank.areas) if record.state != "cancelled"]
    for one in sorted(events, key=lambda said: said.day, reverse=True):
        yield Piece(title=f"{long_day(one.day)} — {one.title}", lines=tuple(filter(None, (one.place, one.words))))
