"""Lists of people: the template, the upload with its faults shown as the sheet looks, the people of a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlmodel import select
from starlette.datastructures import FormData

from matcher.errors import Fault
from matcher.io.choices import PERSON_KINDS, POSITIONS
from matcher.io.hints import Hints
from matcher.io.report import CellFault
from matcher.io.sheets import SHEET_BY_ID, SHEETS
from matcher.texts import Text
from service.errors import Problem, wrong_input
from service.pages.rounds import policy_choices
from service.pages.shell import go, page
from service.pages.upload_form import ENCODINGS, Given, Sent, check_given, given_of, hints_of
from service.records.shapes import Id
from service.rounds.taking import take_checked
from service.rounds.upload_view import SheetView
from service.rounds.uploads import Checked, FaultGroup
from service.routes.rosters import list_rosters, place_of, show_roster, workbook
from service.tables.areas import Area
from service.viewer import in_areas
from service.work import Reading, Work, WorkRoute

router = APIRouter(route_class=WorkRoute, tags=["page"], include_in_schema=False)

_ASKED_ABOUT = frozenset({"unknown_column", "unknown_sheet", "encoding", "no_heading"})
"""Kinds of remarks on which somebody has to look before a list is kept."""
PEOPLE_PER_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultySheet:
    """A sheet as it is shown: the faults of its cells by (row, column), of its rows, and of the whole of it."""

    view: SheetView
    title: str
    cells: Mapping[tuple[int, int], Sequence[Fault]]
    rows: Mapping[int, Sequence[Fault]]
    whole: Sequence[Fault]
    count: int


@router.get("/rosters")
def rosters(work: Reading, after: Annotated[Id | None, Query()] = None) -> Response:
    """Show the lists there are, and where to give a new one."""
    return page(work, "rosters", **_frame(work, after))


@router.post("/rosters")
def give_roster(work: Reading, form: Sent) -> Response:
    """Check a list; keep it where nothing is wrong and nothing has to be asked."""
    given = given_of(form, work.lang)
    if isinstance(given, Fault):
        return _answer(work, form, status=422, problem=wrong_input([given]))
    hints = hints_of(form)
    found = check_given(work, given, hints)
    is_sure = form.get("do") == "keep" or not (given.is_table or _ASKED_ABOUT & set(found.remark_kinds))
    if found.roster is None or not is_sure:
        return _answer(work, form, given=given, found=found, hints=hints, status=200 if found.roster else 422)
    try:
        row = take_checked(work, place_of(work, str(form.get("area") or "") or None), found)
    except Problem as problem:
        return _answer(work, form, given=given, found=found, hints=hints, status=problem.status, problem=problem)
    return _led(work, f"/rosters/{row.id}?new=1")


@router.post("/rosters/marked")
def marked_copy(work: Reading, form: Sent) -> Response:
    """Send the list back with its faults marked; nothing is kept."""
    given = given_of(form, work.lang)
    if isinstance(given, Fault):
        return _answer(work, form, status=422, problem=wrong_input([given]))
    hints = hints_of(form)
    found = check_given(work, given, hints, mark=True)
    if found.marked is None:
        return _answer(work, form, given=given, found=found, hints=hints, status=200 if found.roster else 422)
    return workbook(found.marked, f"{given.shown.rpartition('.')[0] or given.shown} ✎.xlsx")


@router.get("/rosters/{roster_id}")
def one_roster(
    work: Reading, roster_id: Id, after: Annotated[Id | None, Query()] = None, new: bool = False
) -> Response:
    """Show who stands in a list."""
    found = show_roster(work, roster_id, after, PEOPLE_PER_PAGE)
    labels = {choice.id: choice.label(work.lang) for choice in (*POSITIONS, *PERSON_KINDS)}
    return page(work, "roster", roster=found, labels=labels, is_new=new)


def _led(work: Work, address: str) -> Response:
    if work.request.headers.get("hx-request") == "true":
        return Response(status_code=200, headers={"HX-Redirect": address})
    return go(address)


def _frame(work: Work, after: str | None = None) -> dict[str, Any]:
    held = {one.area_id for one in work.viewer.held}
    asked = select(Area).where(in_areas(Area.id, work.viewer)).order_by(Area.path).limit(500)
    shown = list_rosters(work, None, after, 20)
    return {
        "areas": list(work.session.exec(asked)) if len(held) > 1 else [],
        "policies": policy_choices(work.lang),
        "rosters": shown.items,
        "following": shown.next,
        "sheets": SHEETS,
        "sheet_by_id": SHEET_BY_ID,
        "chosen_area": "",
        "encodings": ENCODINGS,
        **_NOTHING_FOUND,
    }


_NOTHING_FOUND: Mapping[str, Any] = {
    "found": None,
    "given": None,
    "faulty": (),
    "groups": (),
    "hints": Hints(),
    "problem": None,
    "can_map": False,
}


def _answer(
    work: Work,
    form: FormData,
    *,
    status: int,
    given: Given | None = None,
    found: Checked | None = None,
    hints: Hints | None = None,
    problem: Problem | None = None,
) -> Response:
    shown: dict[str, Any] = {"hints": hints or Hints(), "problem": problem, "chosen_area": form.get("area", "")}
    if found is not None:
        sheets = [_faulty(view, found, work) for view in found.sheets]
        shown |= {
            "found": found,
            "given": given,
            "faulty": sheets,
            "groups": [_grouped(group, sheets, work) for group in found.groups],
            "can_map": any(_is_open(view, shown["hints"]) for view in found.sheets),
        }
    is_part = work.request.headers.get("hx-request") == "true"
    if is_part:  # what the check says is the answer that was asked for; a browser would note another status as an error
        return page(work, "roster_check", **{**_frame(work), **shown})
    return page(work, "rosters", status=status, **{**_frame(work), **shown})


def _is_open(view: SheetView, hints: object) -> bool:
    told = isinstance(hints, Hints) and (view.name in hints.columns or view.name in hints.sheets)
    return told or view.sheet is None or any(head.column is None for head in view.headings)


def _faulty(view: SheetView, found: Checked, work: Work) -> FaultySheet:
    cells: dict[tuple[int, int], list[Fault]] = defaultdict(list)
    rows: dict[int, list[Fault]] = defaultdict(list)
    whole: list[Fault] = []
    shown = {number for number, _ in view.rows} | {view.heading_row}
    mine = [one for one in found.faults if isinstance(one, CellFault) and one.sheet == view.name]
    for fault in mine:
        if fault.row is None or fault.row not in shown:
            if fault.row is None:
                whole.append(fault)
        elif fault.column is None or fault.column >= len(view.letters):
            rows[fault.row].append(fault)
        else:
            cells[fault.row, fault.column].append(fault)
    sheet = SHEET_BY_ID.get(view.sheet or "")
    return FaultySheet(
        view=view,
        title=view.name if sheet is None else sheet.title(work.lang),
        cells=cells,
        rows=rows,
        whole=whole,
        count=len(mine),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    """Faults of one kind: where they are, how many, one of them in words."""

    where: str
    place: str
    count: int
    message: Text
    cure: Text | None


def _grouped(group: FaultGroup, sheets: Sequence[FaultySheet], work: Work) -> GroupLine:
    first = group.examples[0]
    faulty = next((one for one in sheets if one.view.name == group.sheet), None)
    where = faulty.title if faulty is not None else (group.sheet or "")
    if faulty is not None and group.column is not None:
        heading = next((head.words for head in faulty.view.headings if head.index == group.column), "")
        where = f"{where}, «{heading}»" if heading else where
    return GroupLine(where=where, place=first.place, count=group.count, message=first.message, cure=first.cure)
