"""The quick guide: one page to read or print."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.access.identify import identify
from service.core import Core
from service.pages.shell import bare_page

router = APIRouter(tags=["page"], include_in_schema=False)


@router.get("/help")
def guide(request: Request) -> Response:
    """Show the quick guide, also to somebody who has not signed in."""
    core: Core = request.app.state.core
    with core.database.reading() as session:
        viewer = identify(request, session)
    return bare_page(request, "help", viewer=viewer)
