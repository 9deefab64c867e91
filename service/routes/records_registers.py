"""Registers of an area, put together from its schools, and as workbooks."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path as FilePath
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel

from matcher.errors import Fault
from matcher.roster import MenteeCategory, MentoringForm
from matcher.texts import text
from service.errors import FaultBody, fault_body, not_found, wrong_input
from service.privacy.allowed import refuse, today_in
from service.privacy.cells import write_xlsx
from service.records.banks import Bank, areas_below, open_merged_bank
from service.records.register_files import sheet_of
from service.records.registers import (
    Entry,
    MenteeEntry,
    MentorEntry,
    PartnerEntry,
    PracticeEntry,
    ProgrammeEntry,
    mentee_register,
    mentor_register,
    partner_register,
    practice_register,
    programme_register,
)
from service.routes.answers import READ, Limit, problems
from service.tables.access import Role
from service.tables.areas import Area
from service.viewer import area_of
from service.work import Reading, Work, WorkRoute

router = APIRouter(route_class=WorkRoute, tags=["registers"])

AreaId = Annotated[str, Query(pattern=r"^[0-9a-f]{32}$", description="the area; all below it are put together")]
After = Annotated[str | None, Query(max_length=64, description="the `next` of the page before")]
E = TypeVar("E", bound=Entry)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RegisterName(StrEnum):
    """The registers there are."""

    MENTORS = "mentors"
    MENTEES = "mentees"
    PARTNERS = "partners"
    PROGRAMMES = "programmes"
    PRACTICES = "practices"


class MentorPage(BaseModel):
    """A page of the register of mentors; ``total`` counts all.

    ``withheld`` says whom of the page a register of several schools does not name, for want of which consent.
    """

    items: list[MentorEntry]
    total: int
    next: str | None
    withheld: list[FaultBody] = []


class MenteePage(BaseModel):
    """A page of the register of mentees; ``withheld`` as of mentors."""

    items: list[MenteeEntry]
    total: int
    next: str | None
    withheld: list[FaultBody] = []


class PartnerPage(BaseModel):
    """A page of the register of partners."""

    items: list[PartnerEntry]
    total: int
    next: str | None


class ProgrammePage(BaseModel):
    """A page of the register of programmes."""

    items: list[ProgrammeEntry]
    total: int
    next: str | None


class PracticePage(BaseModel):
    """A page of the bank of practices."""

    items: list[PracticeEntry]
    total: int
    next: str | None


@router.get("/api/v1/registers/mentors", responses=READ)
def list_mentors(work: Reading, area: AreaId, limit: Limit = 50, after: After = None) -> MentorPage:
    """Return the mentors of an area with what they have done; who seems to be entered twice is shown as such."""
    bank = _bank(work, area)
    items, total, following = _page(mentor_register(work.session, bank), limit, after)
    return MentorPage(items=items, total=total, next=following, withheld=_withheld(work, bank, items))


@router.get("/api/v1/registers/mentees", responses=READ)
def list_mentees(
    work: Reading, area: AreaId, category: MenteeCategory | None = None, limit: Limit = 50, after: After = None
) -> MenteePage:
    """Return the mentees of an area, of one category where it is named (KAL 3.10)."""
    bank = _bank(work, area)
    found = mentee_register(bank, None if category is None else str(category))
    items, total, following = _page(found, limit, after)
    return MenteePage(items=items, total=total, next=following, withheld=_withheld(work, bank, items))


@router.get("/api/v1/registers/partners", responses=READ)
def list_partners(work: Reading, area: AreaId, limit: Limit = 50, after: After = None) -> PartnerPage:
    """Return the partners of an area with their contracts (DAL 3.2.1)."""
    items, total, following = _page(_partners(work, area), limit, after)
    return PartnerPage(items=items, total=total, next=following)


@router.get("/api/v1/registers/programmes", responses=READ)
def list_programmes(work: Reading, area: AreaId, limit: Limit = 50, after: After = None) -> ProgrammePage:
    """Return the programmes of pairs with a side in an area (KAL 3.9)."""
    items, total, following = _page(programme_register(work.session, _bank(work, area)), limit, after)
    return ProgrammePage(items=items, total=total, next=following)


@router.get("/api/v1/registers/practices", responses=READ)
def list_practices(
    work: Reading, area: AreaId, form: MentoringForm | None = None, limit: Limit = 50, after: After = None
) -> PracticePage:
    """Return the approved practices of an area, those of one form where it is named (DAL 3.2.1)."""
    items, total, following = _page(_practices(work, area, form), limit, after)
    return PracticePage(items=items, total=total, next=following)


@router.get("/api/v1/registers/{register}/xlsx", responses=problems(404, 409), response_class=Response)
def export_register(
    work: Reading,
    register: Annotated[RegisterName, Path()],
    area: AreaId,
    codes: Annotated[bool, Query(description="show people without their consent by code, instead of refusing")] = False,
) -> Response:
    """Return a whole register as a workbook; one of several schools names people only with their consent."""
    if register is RegisterName.PROGRAMMES and not work.viewer.roles & _WITH_NAMES:
        raise not_found()
    entries = _entries(work, register, area, codes=codes)
    sheet = sheet_of(register, entries, work.lang)
    with tempfile.TemporaryDirectory(dir=work.core.settings.folder) as folder:
        path = FilePath(folder) / "register.xlsx"
        write_xlsx(path, [sheet])
        content = path.read_bytes()
    name = {"Content-Disposition": f'attachment; filename="{register}.xlsx"', "Cache-Control": "no-store"}
    return Response(content, media_type=XLSX, headers=name)


_WITH_NAMES = frozenset({Role.CURATOR, Role.MUNICIPAL_OPERATOR, Role.HEAD, Role.TECHNICAL_SPECIALIST})


def _entries(work: Work, register: RegisterName, area: str, *, codes: bool) -> Sequence[Entry]:
    """Return the lines of a register to hand out; without ``codes`` nobody may be lacking a consent to be named."""
    entries: Sequence[Entry]
    match register:
        case RegisterName.PARTNERS:
            return _partners(work, area)
        case RegisterName.PRACTICES:
            return _practices(work, area, None)
    bank = _bank(work, area)
    if register is RegisterName.PROGRAMMES:
        entries = programme_register(work.session, bank)
        pairs = {one.id: one for one in bank.pairs}
        named = {id_ for one in entries for id_ in (pairs[one.pair].mentor_id, pairs[one.pair].mentee_id)}
    else:
        entries = mentor_register(work.session, bank) if register is RegisterName.MENTORS else mentee_register(bank)
        named = {one.id for one in entries}
    if not codes:
        refuse([fault for id_ in named for fault in bank.withheld.get(id_, ())])
    return entries


def _bank(work: Work, area: str) -> Bank:
    return open_merged_bank(work.session, work.core.vault, _area(work, area), today_in(work.core))


def _withheld(work: Work, bank: Bank, items: Sequence[Entry]) -> list[FaultBody]:
    return [fault_body(fault, work.lang) for one in items for fault in bank.withheld.get(one.id, ())]


def _partners(work: Work, area: str) -> list[PartnerEntry]:
    return partner_register(work.session, work.core.vault, areas_below(work.session, _area(work, area)))


def _practices(work: Work, area: str, form: MentoringForm | None) -> list[PracticeEntry]:
    areas = areas_below(work.session, _area(work, area))
    return practice_register(work.session, work.core.vault, areas, None if form is None else str(form))


def _area(work: Work, area_id: str) -> Area:
    return area_of(work.session, work.viewer, area_id)


def _page(entries: list[E], limit: int, after: str | None) -> tuple[list[E], int, str | None]:
    start = 0
    if after is not None:
        start = next((at + 1 for at, one in enumerate(entries) if one.id == after), -1)
        if start < 0:
            raise wrong_input([Fault("after", text("this is no `next` of a page"))])
    items = entries[start : start + limit]
    more = start + limit < len(entries)
    return items, len(entries), items[-1].id if more and items else None
