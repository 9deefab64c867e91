"""Whether the service lives, and whether it can work."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import select

from service.tables.privacy import Setting
from service.work import Reading, WorkRoute

router = APIRouter(route_class=WorkRoute, tags=["health"])


class Health(BaseModel):
    """How the service is."""

    status: str


@router.get("/health/live")
def live() -> Health:
    """Say that the process answers."""
    return Health(status="live")


@router.get("/health/ready")
def ready(work: Reading) -> Health:
    """Say that the database answers too."""
    work.session.exec(select(Setting).limit(1)).first()
    return Health(status="ready")
