"""Who asks, and which rows he may see: every query of the service goes through here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, false, or_
from sqlmodel import Session, col, select

from service.errors import not_found
from service.tables.access import Role
from service.tables.areas import Area

Row = TypeVar("Row")

PERSONAL_ROLES = frozenset({Role.MENTOR, Role.MENTEE, Role.LEGAL_REPRESENTATIVE})
"""Roles that see what concerns their own person, whatever the area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A role that somebody holds in an area (``path`` of the tree), or as a person of a roster."""

    role: Role
    area_id: str
    path: str
    person_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Somebody who asks. ``held`` has only the rights that count for the route he called.

    ``half`` marks a browser that has shown a password and not yet the second factor its account needs.
    """

    actor: str
    account_id: str | None = None
    link_id: str | None = None
    second_factor: bool = False
    half: bool = False
    held: tuple[Held, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles that count here."""
        return frozenset(one.role for one in self.held)

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the areas, as paths of the tree, in which the viewer may see everything of this route."""
        return tuple({one.path for one in self.held if one.role not in PERSONAL_ROLES})

    @property
    def above(self) -> frozenset[str]:
        """Return the areas the viewer's areas lie in: whose rounds they may take part in."""
        return frozenset(part for path in self.paths for part in path.strip("/").split("/"))

    @property
    def person_ids(self) -> frozenset[str]:
        """Return the people the viewer acts as."""
        return frozenset(one.person_id for one in self.held if one.person_id is not None)

    def only(self, roles: Iterable[Role]) -> Viewer:
        """Return the viewer with the rights of these roles alone."""
        wanted = frozenset(roles)
        return Viewer(
            actor=self.actor,
            account_id=self.account_id,
            link_id=self.link_id,
            second_factor=self.second_factor,
            half=self.half,
            held=tuple(one for one in self.held if one.role in wanted),
        )


def in_areas(area_id: Any, viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that a column of area ids lies in the viewer's areas."""
    if not viewer.paths:
        return false()
    below = or_(*(col(Area.path).startswith(path, autoescape=True) for path in viewer.paths))
    return col(area_id).in_(select(Area.id).where(below))


def in_scope(viewer: Viewer, *area_ids: Any, person_ids: Iterable[Any] = ()) -> ColumnElement[bool]:
    """Return the condition that a row belongs to the viewer's areas, or concerns the person he acts as."""
    conditions = [in_areas(column, viewer) for column in area_ids]
    if viewer.person_ids:
        conditions += [col(column).in_(viewer.person_ids) for column in person_ids]
    return or_(false(), *conditions)


def area_of(session: Session, viewer: Viewer, area_id: str) -> Area:
    """Return an area in which the viewer holds a right that counts here; 404 otherwise."""
    area = session.get(Area, area_id)
    if area is None or not any(area.path.startswith(path) for path in viewer.paths):
        raise not_found()
    return area
