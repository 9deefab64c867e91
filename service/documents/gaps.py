"""What a paper still lacks, said before it is made: whole sentences, people by their short names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from matcher.texts import Text, text, text_n
from service.documents.builders.acts import roadmap_of
from service.documents.builders.consents import programmes_of
from service.documents.builders.orders import ORDERED, build_ends
from service.documents.material import Material
from service.records.reports import FinalReport, QuarterlyReport
from service.tables.rounds import Pair

Gaps = Callable[[Material], Iterator[Text]]
_MOST = 5


def _names(it: Material, ids: Iterable[str]) -> str:
    names = sorted({it.people[id_].name.short for id_ in ids})
    return ", ".join(names[:_MOST]) + (" …" if len(names) > _MOST else "")


def _officials(it: Material, areas: Iterable[str]) -> Iterator[Text]:
    houses = [it.houses[id_] for id_ in dict.fromkeys(areas)]
    without = [one.name for one in houses if not one.head.name]
    if without:
        yield text("the head is not written down: {organisations}", organisations=", ".join(without[:_MOST]))
    without = [one.name for one in houses if not one.curator.name]
    if without:
        yield text("the curator is not written down: {organisations}", organisations=", ".join(without[:_MOST]))


def _of_pairs(it: Material, pairs: Iterable[Pair]) -> Iterator[Text]:
    yield from _officials(it, (pair.mentee_area_id for pair in pairs))


def _act(it: Material) -> Iterator[Text]:
    yield from _officials(it, [it.area.id])
    yield from _roadmap(it)


def _roadmap(it: Material) -> Iterator[Text]:
    if roadmap_of(it) is None:
        yield text("no roadmap is written down")


def _order(it: Material) -> Iterator[Text]:
    pairs = [pair for pair in it.pairs if pair.state in ORDERED]
    yield from _of_pairs(it, pairs)
    if it.order is None:
        yield text("number and day of the order: the head signs first")
    if any(it.first_day(pair) is None or it.last_day(pair) is None for pair in pairs):
        yield text("the term of the round is not set")


def _duties(it: Material) -> Iterator[Text]:
    programmes = programmes_of(it)
    bare = [pair for pair in it.pairs if not it.two(pair).topics and _content(programmes, pair) is None]
    if bare:
        people = _names(it, (pair.mentor_id for pair in bare))
        yield text("what the mentor does is not written down yet: {people}", people=people)
    without = {pair.mentor_area_id for pair in it.pairs if not it.houses[pair.mentor_area_id].payment}
    if without:
        yield text("the pay is not written down: the paper says that a local act sets it")


def _content(programmes: Mapping[str, object], pair: Pair) -> object:
    return getattr(programmes.get(pair.id), "content", None)


def _data(it: Material) -> Iterator[Text]:
    people = [one for one in it.people.values() if it.signs(one.id) and not one.is_class]
    without = [one.id for one in people if one.is_minor and not one.representative.name]
    if without:
        yield text("the legal representative is not in the list of people: {people}", people=_names(it, without))
    bare = [it.houses[id_].name for id_ in dict.fromkeys(one.area_id for one in people) if not it.houses[id_].address]
    if bare:
        yield text("the address is not written down: {organisations}", organisations=", ".join(bare[:_MOST]))


def _programmes(it: Material) -> Iterator[Text]:
    programmes = programmes_of(it)
    without = [pair for pair in it.pairs if pair.id not in programmes]
    if without:
        people = _names(it, (pair.mentee_id for pair in without))
        yield text_n(
            "{count} pair has no programme yet: {people}",
            "{count} pairs have no programme yet: {people}",
            count=len(without),
            people=people,
        )
    yield from _of_pairs(it, it.pairs)


def _schedules(it: Material) -> Iterator[Text]:
    without = [pair for pair in it.pairs if not it.meetings[pair.id]]
    if without:
        people = _names(it, (pair.mentee_id for pair in without))
        yield text_n(
            "{count} pair has no meetings yet: {people}",
            "{count} pairs have no meetings yet: {people}",
            count=len(without),
            people=people,
        )


def _quarters(it: Material) -> Iterator[Text]:
    yield from _without_reports(it, set(it.records_of_pairs(QuarterlyReport())))


def _finals(it: Material) -> Iterator[Text]:
    yield from _without_reports(it, set(it.records_of_pairs(FinalReport())))


def _without_reports(it: Material, written: set[str]) -> Iterator[Text]:
    without = [pair for pair in it.worked if pair.id not in written]
    if without:
        people = _names(it, (pair.mentee_id for pair in without))
        yield text_n(
            "{count} pair has written no report: a blank form is printed for {people}",
            "{count} pairs have written no report: blank forms are printed for {people}",
            count=len(without),
            people=people,
        )


def _place(it: Material) -> Iterator[Text]:
    yield from _officials(it, [it.area.id])


def _ends(it: Material) -> Iterator[Text]:
    if any(not one.number for one in build_ends(it).papers):
        yield text("number and day of the order: the head signs first")


def _nothing(it: Material) -> Iterator[Text]:
    return iter(())


GAPS: Mapping[str, Gaps] = {
    "D-01": _act,
    "D-03": _roadmap,
    "D-04": _order,
    "D-05": _duties,
    "D-06": _data,
    "D-07": _programmes,
    "D-08": _programmes,
    "D-09": _schedules,
    "D-10": _nothing,
    "D-11": _quarters,
    "D-12": _finals,
    "D-13": _place,
    "D-14": _place,
    "D-15": _place,
    "D-16": _nothing,
    "D-17": _place,
    "D-18": _ends,
}
