"""The first start: areas and the first administrator."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from matcher.roster import OrganisationType
from service.access.cookies import check_protected
from service.access.set_up import FirstSteps, set_up
from service.access.sign_in import Arrival, arrive
from service.access.words import Code, Login, Name, Password, Secret, TimeZone
from service.core import Core
from service.routes.answers import problems
from service.tables.access import Account
from service.tables.areas import AreaKind

router = APIRouter(tags=["set-up"])


class FirstArea(BaseModel):
    """A region, municipality or organisation to begin with."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    name: Name


class SetUp(BaseModel):
    """What the first administrator says. At least one of the three areas is named; each lies in the one before."""

    model_config = ConfigDict(extra="forbid")

    secret: Secret
    region: FirstArea | None = None
    municipality: FirstArea | None = None
    organisation: FirstArea | None = None
    organisation_type: OrganisationType = OrganisationType.GENERAL_SCHOOL
    time_zone: TimeZone = "Europe/Moscow"
    login: Login
    name: Annotated[Name, Field(examples=["Administrator"])]
    password: Password


class SetUpDone(BaseModel):
    """The account that was made, and what is left to do."""

    account: str
    state: Arrival


@router.post("/api/v1/set-up", status_code=201, responses=problems(404, 409, 415, 429))
def make_first_account(request: Request, response: Response, body: SetUp) -> SetUpDone:
    """Make the first areas and the first administrator with the link of the first start, and sign him in."""
    core: Core = request.app.state.core
    check_protected(request, core.settings)
    named = (
        (AreaKind.REGION, body.region),
        (AreaKind.MUNICIPALITY, body.municipality),
        (AreaKind.ORGANISATION, body.organisation),
    )
    steps = FirstSteps(
        areas=tuple((kind, area.code, area.name) for kind, area in named if area is not None),
        organisation_type=body.organisation_type,
        time_zone=body.time_zone,
        login=body.login,
        name=body.name,
        password=body.password,
    )
    made = set_up(core, body.secret, steps)
    with core.database.writing() as session:
        account = session.get_one(Account, made.id)
        state = arrive(request, response, session, core, account)
    return SetUpDone(account=made.id, state=state)
