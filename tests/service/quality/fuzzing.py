"""Requests nobody foresaw: schemathesis over the whole API, in a role, all phases, following links between routes.

Where the document asks for an id, most of the generated ones are replaced by ids that exist: else hardly a request
would get past "there is no such thing".
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.config import (
    ChecksConfig,
    CoveragePhaseConfig,
    ExamplesPhaseConfig,
    FuzzingPhaseConfig,
    GenerationConfig,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
    StatefulPhaseConfig,
)
from schemathesis.engine import from_schema
from schemathesis.engine.events import NonFatalError, ScenarioFinished

from service.rights.rules import read_rules
from service.tables.access import Role
from tests.service.quality.attempts import Operation, operations
from tests.service.quality.world import World

OFF = (
    "positive_data_acceptance", "negative_data_rejection", "use_after_free", "ensure_resource_availability",
    "missing_required_header", "ignored_auth", "object_level_authorization", "unsupported_method",
    "allow_header_conformance",
)  # fmt: skip
"""Checks of other promises than ours: a document cannot say all that makes an input right."""
STREAMS = r"/events$"
"""Streams end when what they follow ends: followed by tests of their own."""
_TRACE = re.compile(r"Traceback \(most recent|File \"/|sqlalchemy\.|psycopg\.|site-packages")


@dataclass(slots=True)
class Fuzzed:
    """What came of it."""

    calls: Counter[int] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    wrong: dict[str, str] = field(default_factory=dict)
    """What was wrong, once a kind of fault → an example."""

    def add(self, other: Fuzzed) -> None:
        """Add what came of another run."""
        self.calls += other.calls
        self.phases += other.phases
        self.operations |= other.operations
        self.wrong |= other.wrong


def fuzz(
    world: World,
    role: Role,
    area: str,
    *,
    seed: int,
    max_calls: int,
    examples: int = 1,
    steps: int = 6,
    num_operations: int | None = None,
    coverage: bool = True,
    only: str | None = None,
) -> Fuzzed:
    """Call the routes a role may call until ``max_calls`` are made, and return what was wrong.

    ``num_operations``: so many of them, chosen by the seed; ``only``: this one. Without ``coverage`` the limits of
    every value are not gone through one by one, which takes most of the calls.
    """
    app: Any = world.house.client.app
    headers = world.viewer(role, area)
    schema: Any = schemathesis.openapi.from_asgi(
        "/openapi.json", app, config=_config(headers, seed, examples, steps, coverage)
    )
    documented = {f"{method.upper()} {path}" for path, methods in app.openapi()["paths"].items() for method in methods}
    rules = read_rules().items()
    able = {f"{method} {path}" for (method, path), rule in rules if role in rule.roles or rule.signed_in}
    allowed = sorted(able & documented)
    rng = random.Random(f"{seed} {role} {area}")
    chosen = set(allowed if num_operations is None else rng.sample(allowed, min(num_operations, len(allowed))))
    chosen = chosen if only is None else {only}
    schema = schema.exclude(path_regex=STREAMS).include(lambda context: context.operation.label in chosen)
    found = Fuzzed()
    with _with_ids(world, rng):
        stream = from_schema(schema).execute()
        for event in stream:
            if isinstance(event, NonFatalError):
                found.wrong.setdefault(f"{event.label}: {event.info.title}", str(event.info.message)[:600])
            if isinstance(event, ScenarioFinished):
                _take(found, event)
            if found.calls.total() >= max_calls:
                stream.stop()
    return found


def _config(headers: dict[str, str], seed: int, examples: int, steps: int, coverage: bool) -> SchemathesisConfig:
    checks = ChecksConfig.from_dict({name: {"enabled": False} for name in OFF})
    generation = GenerationConfig(
        max_examples=examples, database="none", no_shrink=True, with_security_parameters=False
    )
    phases = PhasesConfig(
        examples=ExamplesPhaseConfig(),
        coverage=CoveragePhaseConfig(enabled=coverage, unexpected_methods=set()),
        fuzzing=FuzzingPhaseConfig(generation=generation),
        stateful=StatefulPhaseConfig(max_steps=steps, generation=generation),
    )
    project = ProjectConfig(
        headers=headers,
        checks=checks,
        phases=phases,
        generation=generation,
        continue_on_failure=True,
        workers=1,
        request_timeout=120,  # reading an upload may take a busy machine longer than the library waits by itself
    )
    return SchemathesisConfig(seed=seed, projects=ProjectsConfig(default=project))


@contextmanager
def _with_ids(world: World, rng: random.Random) -> Iterator[None]:
    document = world.house.client.app.openapi()  # type: ignore[attr-defined]
    known: dict[str, Operation] = {one.name: one for one in operations(document)}
    own = world.tenants["s11"]

    def before_call(context: Any, case: Any, kwargs: Any) -> None:
        operation = known.get(f"{case.method} {case.path}")
        if operation is None or rng.random() < 0.25:
            return
        for place, kind in operation.places.items():
            value = rng.choice(own.ids[kind])
            if place[0] == "path" and isinstance(case.path_parameters, dict) and place[1] in case.path_parameters:
                case.path_parameters[place[1]] = value
            elif place[0] == "query" and isinstance(case.query, dict) and place[1] in case.query:
                case.query[place[1]] = value
            elif place[0] == "body" and len(place) == 2 and isinstance(case.body, dict) and place[1] in case.body:
                case.body[place[1]] = value
        if case.method in ("PATCH", "PUT", "POST"):
            case.headers = {**(case.headers or {}), "If-Match": f'"{rng.choice((1, 1, 1, 2, 3))}"'}

    schemathesis.hook(before_call)
    try:
        yield
    finally:
        schemathesis.hooks.unregister(before_call)


def _take(found: Fuzzed, event: ScenarioFinished) -> None:
    recorder = event.recorder
    for case_id, interaction in recorder.interactions.items():
        if interaction.response is None:
            continue
        found.calls[interaction.response.status_code] += 1
        found.phases[event.phase.value] += 1
        case = recorder.cases[case_id].value
        found.operations.add(f"{case.method} {case.path}")
        text = interaction.response.content[:100_000].decode("utf-8", "replace")
        if _TRACE.search(text):
            found.wrong.setdefault(f"{case.method} {case.path}: tells of its inside", text[:300])
    for name, example in _failures(recorder):
        found.wrong.setdefault(name, example)


def _failures(recorder: Any) -> Iterator[tuple[str, str]]:
    for case_id, checks in recorder.checks.items():
        case = recorder.cases[case_id].value
        for check in checks:
            if check.failure_info is None:
                continue
            failure = check.failure_info.failure
            response = recorder.interactions[case_id].response
            status = None if response is None else response.status_code
            said = "" if response is None else response.content[:300].decode("utf-8", "replace")
            body = repr(case.body)[:300]
            yield (
                f"{case.method} {case.path} {status}: {check.name}",
                f"{failure.message[:400]} | sent {case.path_parameters} {case.query} {body} | answered {said}",
            )
