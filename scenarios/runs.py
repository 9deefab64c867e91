"""From a scenario to its runs: one for each combination of the values of its axes."""

from __future__ import annotations

import copy
import hashlib
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from matcher.errors import Fault, InputError
from matcher.io.policy_toml import build_policy
from matcher.texts import Text, text
from scenarios.document import RangePart, ScenarioDocument
from scenarios.program import program_hash
from scenarios.scenario import Files, Run, Scenario

_POLICY = "policy."
_SHOWN = 24


def expand(scenario: Scenario) -> tuple[Run, ...]:
    """Return the runs of a scenario, the last axis turning fastest; without axes it is one run of the same name.

    An axis is a key of ``scenario.toml`` ("roster.seed"), or of its regulation after "policy."
    ("policy.load.max_individual_mentees").

    Raises
    ------
    InputError
        When an axis names no key, or a value does not fit it: all of them at once.
    """
    axes = {key: _values(values) for key, values in scenario.settings.axes.items()}
    files = files_digest(scenario.files)
    faults: dict[str, Fault] = {}
    found: list[Run] = []
    for combination in itertools.product(*axes.values()):
        chosen = dict(zip(axes, combination, strict=True))
        run = _run(scenario, chosen, axes, files, faults)
        if run is not None:
            found.append(run)
    if faults:
        raise InputError(list(faults.values()))
    return tuple(found)


def files_digest(files: Files) -> str:
    """Return a hash of files, the name under which they travel."""
    found = hashlib.sha256()
    for name in sorted(files):
        found.update(f"{name}\0{len(files[name])}\0".encode())
        found.update(files[name])
    return found.hexdigest()


def _values(values: RangePart | list[Any]) -> list[Any]:
    return list(range(values.first, values.last + 1, values.step)) if isinstance(values, RangePart) else values


def _run(
    scenario: Scenario,
    chosen: Mapping[str, Any],
    axes: Mapping[str, Sequence[Any]],
    files: str,
    faults: dict[str, Fault],
) -> Run | None:
    """Return the run of a combination; what does not fit is added to ``faults``, once for each axis."""
    document, policy = copy.deepcopy(dict(scenario.document)), copy.deepcopy(dict(scenario.policy))
    document["axes"] = {}
    for key, value in chosen.items():
        target, path = (policy, key.removeprefix(_POLICY)) if key.startswith(_POLICY) else (document, key)
        if not _put(target, path.split("."), value, is_new_allowed=target is document):
            message, cure = text("the axis names no key"), text("write a key of scenario.toml, or policy. and its key")
            faults.setdefault(key, _fault(scenario, key, message, cure))
            return None
    try:
        settings = ScenarioDocument.model_validate(document)
        build_policy(policy, settings.policy)
    except ValidationError as error:
        _blame(scenario, chosen, str(error.errors()[0]["msg"]), faults)
        return None
    except InputError as error:
        _blame(scenario, chosen, error.faults[0].message, faults)
        return None
    name = scenario.name + (f"[{','.join(_shown(key, chosen[key], axes[key]) for key in chosen)}]" if chosen else "")
    # What a scenario is called decides nothing.
    counted = {key: value for key, value in settings.model_dump(mode="json").items() if not key.startswith("title")}
    whole = json.dumps([name, counted, policy, files, program_hash()], sort_keys=True, default=str)
    return Run(
        name=name,
        scenario=scenario.name,
        digest=hashlib.sha256(whole.encode()).hexdigest(),
        settings=settings,
        policy=policy,
        files=files,
        axes=chosen,
    )


def _put(document: dict[str, Any], path: Sequence[str], value: Any, *, is_new_allowed: bool) -> bool:
    """Put a value at a dotted place; say whether there is such a place."""
    for step in path[:-1]:
        inner = document.setdefault(step, {}) if is_new_allowed else document.get(step)
        if not isinstance(inner, dict):
            return False
        document = inner
    if not is_new_allowed and path[-1] not in document:
        return False
    document[path[-1]] = value
    return True


def _blame(scenario: Scenario, chosen: Mapping[str, Any], message: Text | str, faults: dict[str, Fault]) -> None:
    told = ", ".join(f"{key} = {value}" for key, value in chosen.items())
    said = text("these values do not fit: {values} ({reason})", values=told, reason=message)
    faults.setdefault(told, _fault(scenario, "axes", said, text("see docs/reference/scenarios.md and policies.md")))


def _fault(scenario: Scenario, key: str, message: Text, cure: Text) -> Fault:
    return Fault(f"{scenario.folder / 'scenario.toml'}: {key}", message, cure)


def _shown(key: str, value: Any, values: Sequence[Any]) -> str:
    """Return an axis and its value as a run is named: tables and long words by their number."""
    plain = str(value)
    if isinstance(value, (dict, list)) or len(plain) > _SHOWN:
        plain = f"#{list(values).index(value) + 1}"
    return f"{key}={plain}"


def file_stem(name: str) -> str:
    """Return the name of the files of a run of this name: readable, and different for every run."""
    plain = re.sub(r"[^\w.=-]+", "_", name).strip("_")[:80]
    return f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def unique(runs: Sequence[Run]) -> Iterator[Fault]:
    """Yield a fault for every name that stands for two runs."""
    seen: set[str] = set()
    for run in runs:
        if run.name in seen:
            yield Fault(run.name, text("two runs have this name"), text("name every scenario and value once"))
        seen.add(run.name)
