"""A damaged policy file is refused with faults, never with another error, and never half read."""

from __future__ import annotations

import copy
import tomllib
from datetime import date, datetime, time
from importlib import resources
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import Fault, InputError
from matcher.io.policy_toml import build_policy, list_policies
from matcher.texts import say

_SHIPPED = {
    policy_id: tomllib.loads(
        resources.files("matcher").joinpath("policies", f"{policy_id}.toml").read_text(encoding="utf-8")
    )
    for policy_id in list_policies()
}
_WORDS = st.sampled_from(["", "*", "group", "warn", "HR-04", "teacher_pupil", "organisation", "09-01", "ы"])
_VALUES = st.recursive(
    st.booleans()
    | st.integers(-3, 100)
    | st.floats(allow_nan=True)
    | _WORDS
    | st.sampled_from([date(2024, 2, 29), datetime(2024, 1, 1, 12), time(12)]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=4,
)


def _places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(found for key, child in children for found in _places(child, (*place, key)))]


@settings(deadline=None)
@given(policy_id=st.sampled_from(list_policies()), data=st.data())
def test_a_changed_value_gives_a_policy_or_faults(policy_id: str, data: st.DataObject) -> None:
    document = copy.deepcopy(_SHIPPED[policy_id])
    place = data.draw(st.sampled_from(_places(document)[1:]))
    parent = document
    for step in place[:-1]:
        parent = parent[step]
    if data.draw(st.booleans()):
        parent[place[-1]] = data.draw(_VALUES)
    else:
        del parent[place[-1]]
    faults = _faults_of(document)
    assert faults is None or faults
    assert all(say(fault.message, "ru") and fault.cure is not None for fault in faults or ())


def _faults_of(document: dict[str, Any]) -> tuple[Fault, ...] | None:
    """Return the faults of a document, None when it gives a policy."""
    try:
        build_policy(document, "mine.toml")
    except InputError as error:
        return error.faults
    return None
