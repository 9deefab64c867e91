"""What is published of a programme: only when it is over, and by name only where people agreed to that.

References
----------
KAL-36 (seven blocks), KAL-37 (after completion), C-20, A-29 (names).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from matcher.errors import Fault
from matcher.policy_words import PublicationWhat
from matcher.texts import Text, text
from service.privacy.allowed import what_people_lack
from service.privacy.consents import missing as missing_consents
from service.privacy.purposes import uses
from service.privacy.rows import consents_of
from service.records.kind import CURATORS, HEADS, Case, HangsOn, Kind, Shown, Step, missing
from service.records.shapes import Day, Fields, Line, Words
from service.records.words import Naming, SiteBlock
from service.tables.access import Role
from service.tables.areas import Person
from service.tables.records import Record

_OFFICE = CURATORS | HEADS | {Role.TECHNICAL_SPECIALIST}


class PublicationFields(Fields):
    """A piece of the section on mentoring."""

    block: SiteBlock
    title: Line
    words: Words | None = None
    naming: Naming = Naming.COUNTS
    day: Day | None = None
    link: Line | None = None


class Publication(Kind[PublicationFields]):
    """A piece of the site about one pair's programme."""

    id = "publication"
    path = "publications"
    title = text("publication")
    about = (
        "What the site says of a pair's programme: opened when the programme is closed; names need a dissemination "
        "consent of everybody named, else initials or numbers."
    )
    on = HangsOn.PAIR
    fields = PublicationFields
    example: Mapping[str, Any] = {"block": "best_cases", "title": "Год в школе", "naming": "initials"}
    steps = (
        Step(start="draft", to="published", by=_OFFICE, asks=("day", "link")),
        Step(start="published", to="withdrawn", by=_OFFICE),
    )
    fixed = frozenset({"published", "withdrawn"})
    shown = Shown.PAIR
    figures = ("block", "naming", "day")
    document = "D-16"

    def check(self, case: Case, fields: PublicationFields) -> Iterable[Fault]:
        """Yield what no regulation of this round has published."""
        assert case.policy is not None
        if case.policy.publication.what is PublicationWhat.NONE:
            yield Fault("pair", text("the regulation of this round has nothing published"))

    def remarks(self, case: Case, fields: PublicationFields) -> Iterable[Text]:
        """Tell early what will stop it."""
        if case.record is not None and case.record.state == "draft":
            for fault in self.guard(case, fields, "published"):
                if not fault.place.startswith("fields."):
                    yield fault.message

    def guard(self, case: Case, fields: PublicationFields, to: str) -> Iterable[Fault]:
        """Publish after the programme is over; by name only with consents."""
        assert case.policy is not None
        assert case.pair is not None
        if to != "published":
            return
        yield from missing(fields, "words")
        programme = case.session.exec(
            select(Record).where(
                Record.kind == "programme", Record.pair_id == case.pair.id, col(Record.replaced_at).is_(None)
            )
        ).first()
        if programme is None or programme.state != "closed":
            yield Fault("pair", text("its programme is not over yet"), text("close the programme first"))
        if fields.naming is Naming.NAMES:
            for side, person in (("mentor", case.pair.mentor_id), ("mentee", case.pair.mentee_id)):
                row = case.session.get_one(Person, person)
                for fault in what_people_lack(case.session, [row], "publication", case.today).get(person, ()):
                    yield Fault(f"pair.{side}", fault.message, _CURE)


_CURE = text("show initials or numbers, or ask for the consent")


def may_be_named(session: Session, person_id: str, day: date) -> bool:
    """Say whether a person has agreed that his name is published, and the consent holds on a day."""
    return not missing_consents(consents_of(session, [person_id])[person_id], uses()["publication"], day)


KINDS = (Publication(),)
