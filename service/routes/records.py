"""Records of every kind: one group of addresses a kind, made from its fields, states and sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, create_model

from service.records.cases import Asked, case_of
from service.records.copies import copy_to_pairs
from service.records.kind import Case, HangsOn, Kind
from service.records.kinds import KINDS
from service.records.listing import Filters, RecordView, page_of, show
from service.records.shapes import Day, Id
from service.records.store import acknowledge, change, make, take_step, versions_of
from service.routes.answers import EDIT, READ, WRITE, Limit
from service.work import Reading, Work, WorkRoute, Writing, etag

router = APIRouter(route_class=WorkRoute)

RecordId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="the id of the record")]
IdFilter = Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$")]
After = Annotated[str | None, Query(max_length=200, description="the `next` of the page before")]
_ID = "0123456789abcdef0123456789abcdef"
DueUntil = Annotated[Day | None, Query(description="due on this day or before")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Copies(_Body):
    """The pairs whose programmes become like this one."""

    pairs: Annotated[list[Id], Field(min_length=1, max_length=60)]


class _Shapes:
    """The bodies of requests and answers of one kind."""

    def __init__(self, kind: Kind[Any]) -> None:
        name = kind.fields.__name__.removesuffix("Fields")
        free = {
            field: (info.annotation if not info.metadata else Annotated[info.annotation, *info.metadata], info)
            for field, info in kind.fields.model_fields.items()
        }
        changes: dict[str, Any] = {field: (Annotated[kind_ | None, None], None) for field, (kind_, _) in free.items()}
        self.changes = create_model(f"{name}Changes", __base__=_Body, **changes)
        hangs_on: dict[HangsOn, dict[str, Any]] = {
            HangsOn.PAIR: {"pair": (Id, ...)},
            HangsOn.PERSON: {
                "person": (Id | None, None),
                "pair": (Id | None, None),
                "round": (Id, ...) if kind.needs_round else (Id | None, None),
            },
            HangsOn.ROUND: {"round": (Id, ...)},
            HangsOn.AREA: {"area": (Id, ...)},
        }
        self.new = create_model(f"New{name}", __base__=_Body, **hangs_on[kind.on], fields=(kind.fields, ...))
        self.view = create_model(f"{name}Record", __base__=RecordView[kind.fields])  # type: ignore[name-defined]
        self.page = create_model(f"{name}Page", items=(list[self.view], ...), next=(str | None, ...))  # type: ignore[name-defined]
        self.history = create_model(f"{name}History", items=(list[self.view], ...))  # type: ignore[name-defined]
        states: Any = Literal[kind.states]
        changes_or_none: Any = self.changes | None
        self.step = create_model(f"{name}Step", __base__=_Body, to=(states, ...), fields=(changes_or_none, None))
        sides: Any = Literal[kind.sides] if kind.sides else str
        self.acknowledged = create_model(
            f"{name}Acknowledgement", __base__=_Body, side=(sides | None, None), on_paper=(bool, False)
        )

    @staticmethod
    def example(kind: Kind[Any]) -> dict[str, Any]:
        """Return an example of a request that makes a record."""
        hangs: dict[str, Any] = {str(kind.on): _ID}
        if kind.needs_round:
            hangs["round"] = _ID
        return hangs | {"fields": dict(kind.example)}


def _with_example(shape: Any, example: Mapping[str, Any]) -> Any:
    """Return the type of a body together with an example of it."""
    return Annotated[shape, Body(openapi_examples={"example": {"value": example}})]


def _given(body: Any) -> dict[str, Any]:
    """Return the fields that were given; one given as null goes back to what it is when empty."""
    if body is None:
        return {}
    return {name: getattr(body, name) for name in body.model_fields_set}


def _cleared(kind: Kind[Any], given: dict[str, Any]) -> dict[str, Any]:
    fields = kind.fields.model_fields
    return {
        name: fields[name].get_default(call_default_factory=True)
        if value is None and not fields[name].is_required()
        else value
        for name, value in given.items()
    }


def _version(case: Case) -> int:
    assert case.record is not None
    return case.record.version


def _one(work: Work, kind: Kind[Any], record: Any, pair: Any, response: Response) -> dict[str, Any]:
    response.headers.update(etag(record.version))
    return show(work.session, work.core.vault, work.viewer, work.lang, kind, [(record, pair)])[0]


def _add(
    kind: Kind[Any], method: str, path: str, endpoint: Callable[..., Any], types: dict[str, Any], **options: Any
) -> None:
    """Add a route whose parameters have these types (they are made at run time, and so cannot be written down)."""
    endpoint.__annotations__ = types
    endpoint.__name__ = f"{endpoint.__name__}_{kind.path.replace('-', '_')}"
    router.add_api_route(f"/api/v1/{path}", endpoint, methods=[method], tags=[kind.path], **options)


def _add_reading(kind: Kind[Any], shapes: _Shapes) -> None:
    states: Any = Literal[kind.states]

    def list_(
        work: Any,
        limit: int = 50,
        after: str | None = None,
        round: str | None = None,
        pair: str | None = None,
        person: str | None = None,
        area: str | None = None,
        state: str | None = None,
        due_until: date | None = None,
    ) -> Any:
        filters = Filters(round=round, pair=pair, person=person, area=area, state=state, due_until=due_until)
        rows, following = page_of(work.session, work.viewer, kind, filters, limit, after)
        items = show(work.session, work.core.vault, work.viewer, work.lang, kind, rows)
        return {"items": items, "next": following}

    ids = dict.fromkeys(("round", "pair", "person", "area"), IdFilter)
    _add(
        kind,
        "GET",
        kind.path,
        list_,
        {"work": Reading, "limit": Limit, "after": After, **ids, "state": states | None, "due_until": DueUntil},
        response_model=shapes.page,
        responses=READ,
        description=f"{kind.about} Newest changes first.",
    )

    def get(work: Any, record_id: str, response: Response) -> Any:
        case = case_of(work.session, work.core.vault, work.viewer, work.lang, kind, record_id)
        return _one(work, kind, case.record, case.pair, response)

    reading = {"work": Reading, "record_id": RecordId, "response": Response}
    about = f"Return the newest version. {kind.about}"
    _add(
        kind,
        "GET",
        f"{kind.path}/{{record_id}}",
        get,
        reading,
        response_model=shapes.view,
        responses=READ,
        description=about,
    )
    if kind.versions:

        def history(work: Any, record_id: str) -> Any:
            case = case_of(work.session, work.core.vault, work.viewer, work.lang, kind, record_id)
            rows = [(one, case.pair) for one in versions_of(work.session, record_id)]
            return {"items": show(work.session, work.core.vault, work.viewer, work.lang, kind, rows)}

        _add(
            kind,
            "GET",
            f"{kind.path}/{{record_id}}/versions",
            history,
            {"work": Reading, "record_id": RecordId},
            response_model=shapes.history,
            responses=READ,
            description="Return every version, the newest first.",
        )


def _add_writing(kind: Kind[Any], shapes: _Shapes) -> None:
    def create(work: Any, body: Any, response: Response) -> Any:
        asked = Asked(
            **{name: getattr(body, name, None) for name in ("pair", "person", "round", "area")},
        )
        record, case = make(work.session, work.core.vault, work.viewer, work.lang, kind, asked, _given(body.fields))
        response.headers["Location"] = f"/api/v1/{kind.path}/{record.root_id}"
        return _one(work, kind, record, case.pair, response)

    _add(
        kind,
        "POST",
        kind.path,
        create,
        {
            "work": Writing,
            "body": _with_example(shapes.new, shapes.example(kind)),
            "response": Response,
        },
        response_model=shapes.view,
        responses=WRITE,
        status_code=201,
        description=f"Make one. {kind.about}",
    )

    def patch(work: Any, record_id: str, body: Any, response: Response) -> Any:
        case = case_of(work.session, work.core.vault, work.viewer, work.lang, kind, record_id, to_change=True)
        work.expect(_version(case))
        record = change(case, kind, _cleared(kind, _given(body)))
        return _one(work, kind, record, case.pair, response)

    types = {"work": Writing, "record_id": RecordId, "response": Response}
    kept = "Change fields; a new version is kept beside the old ones." if kind.versions else "Change fields."
    _add(
        kind,
        "PATCH",
        f"{kind.path}/{{record_id}}",
        patch,
        {**types, "body": _with_example(shapes.changes, dict(kind.example))},
        response_model=shapes.view,
        responses=EDIT,
        description=kept,
    )


def _add_steps(kind: Kind[Any], shapes: _Shapes) -> None:
    types = {"work": Writing, "record_id": RecordId, "response": Response}

    def step(work: Any, record_id: str, body: Any, response: Response) -> Any:
        case = case_of(work.session, work.core.vault, work.viewer, work.lang, kind, record_id, to_change=True)
        work.expect(_version(case))
        record = take_step(case, kind, body.to, _cleared(kind, _given(body.fields)))
        return _one(work, kind, record, case.pair, response)

    ways = "; ".join(f"{one.start} → {one.to}" for one in kind.steps)
    _add(
        kind,
        "POST",
        f"{kind.path}/{{record_id}}/transitions",
        step,
        {**types, "body": _with_example(shapes.step, {"to": kind.steps[0].to})},
        response_model=shapes.view,
        responses=EDIT,
        description=f"Take it to another state: {ways}.",
    )


def _add_sides(kind: Kind[Any], shapes: _Shapes) -> None:
    types = {"work": Writing, "record_id": RecordId, "response": Response}

    def sign(work: Any, record_id: str, body: Any, response: Response) -> Any:
        case = case_of(work.session, work.core.vault, work.viewer, work.lang, kind, record_id, to_change=True)
        work.expect(_version(case))
        record = acknowledge(case, kind, body.side, on_paper=body.on_paper)
        return _one(work, kind, record, case.pair, response)

    sides = ", ".join(kind.sides)
    _add(
        kind,
        "POST",
        f"{kind.path}/{{record_id}}/acknowledge",
        sign,
        {**types, "body": _with_example(shapes.acknowledged, {"side": kind.sides[0], "on_paper": True})},
        response_model=shapes.view,
        responses=EDIT,
        description=f"Acknowledge the version named by If-Match. Sides: {sides}.",
    )


def _add_copies(kind: Kind[Any], shapes: _Shapes) -> None:
    def copy(work: Any, record_id: str, body: Any) -> Any:
        cases = copy_to_pairs(work.session, work.core.vault, work.viewer, work.lang, kind, record_id, body.pairs)
        rows = [(one.record, one.pair) for one in cases if one.record is not None]
        return {"items": show(work.session, work.core.vault, work.viewer, work.lang, kind, rows)}

    _add(
        kind,
        "POST",
        f"{kind.path}/{{record_id}}/copies",
        copy,
        {"work": Writing, "record_id": RecordId, "body": _with_example(Copies, {"pairs": [_ID]})},
        response_model=shapes.history,
        responses=WRITE,
        status_code=201,
        description="Write the same into the programmes of other pairs, as of a group: new ones, or new versions.",
    )


for _kind in KINDS.values():
    _shapes = _Shapes(_kind)
    if _kind.id == "programme":
        _add_copies(_kind, _shapes)
    _add_reading(_kind, _shapes)
    _add_writing(_kind, _shapes)
    if _kind.steps:
        _add_steps(_kind, _shapes)
    if _kind.sides:
        _add_sides(_kind, _shapes)
