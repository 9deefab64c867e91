"""The web application: its routes, its rights, its errors."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from fastapi import APIRouter, FastAPI

from service import pages, routes
from service.core import Core
from service.errors import add_error_answers
from service.openapi import say_what_is_matched
from service.pages.problems import problem_page
from service.rights.rules import check_rules
from service.turns import Turns
from service.web.observed import Measures, Observed
from service.web.protection import add_web_protection


def build_app(core: Core) -> FastAPI:
    """Return the application over a core; it refuses to start where a route has no rule of who may call it."""
    app = FastAPI(
        title="Mentor matcher",
        version="1",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        max_body_size=core.settings.upload_bytes + 2**20,
    )
    app.state.core = core
    app.state.measures = Measures()
    app.state.turns = Turns(core.database)
    app.state.problem_page = problem_page
    add_error_answers(app)
    for router in _routers():
        app.router.routes.extend(router.routes)  # including a router would build its routes anew for every application
    check_rules(app)
    say_what_is_matched(app)
    add_web_protection(app, core.settings)
    app.add_middleware(Observed, measures=app.state.measures)  # the last one added is the outermost
    return app


def _routers() -> list[APIRouter]:
    """Return the ``router`` of every module of routes and pages that has one; each names its whole path itself."""
    names = [f"{room.__name__}.{module.name}" for room in (routes, pages) for module in iter_modules(room.__path__)]
    modules = [import_module(name) for name in sorted(names)]
    return [module.router for module in modules if hasattr(module, "router")]
