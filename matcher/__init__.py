"""Mentor–mentee matching with proof and reasons.

Names are loaded when first used, so that verifying a plan needs no solver package.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matcher.io.policy_toml import read_policy as read_policy
    from matcher.io.read_roster import read_roster as read_roster
    from matcher.pairing.problem import PairingProblem as PairingProblem
    from matcher.pairing.result import Pairing as Pairing
    from matcher.pairing.result import PairingResult as PairingResult
    from matcher.pairing.solve import solve_pairing as solve_pairing
    from matcher.plan import make_plan as make_plan
    from matcher.repair.repair import repair_plan as repair_plan
    from matcher.sessions.problem import SessionProblem as SessionProblem
    from matcher.sessions.result import SessionResult as SessionResult
    from matcher.sessions.result import Sessions as Sessions
    from matcher.sessions.solve import solve_sessions as solve_sessions

_HOME = {
    "Pairing": "matcher.pairing.result",
    "PairingProblem": "matcher.pairing.problem",
    "PairingResult": "matcher.pairing.result",
    "SessionProblem": "matcher.sessions.problem",
    "SessionResult": "matcher.sessions.result",
    "Sessions": "matcher.sessions.result",
    "make_plan": "matcher.plan",
    "read_policy": "matcher.io.policy_toml",
    "read_roster": "matcher.io.read_roster",
    "repair_plan": "matcher.repair.repair",
    "solve_pairing": "matcher.pairing.solve",
    "solve_sessions": "matcher.sessions.solve",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'matcher' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
