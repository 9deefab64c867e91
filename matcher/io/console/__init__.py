"""What the command prints: coloured tables on a terminal, plain lines elsewhere.

Names are loaded when first used: what shows a calendar or re-checks a plan loads no solver.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matcher.io.console.answers import print_alternatives as print_alternatives
    from matcher.io.console.answers import print_blocking as print_blocking
    from matcher.io.console.answers import print_comparison as print_comparison
    from matcher.io.console.answers import print_curve as print_curve
    from matcher.io.console.answers import print_mentee as print_mentee
    from matcher.io.console.answers import print_mentor as print_mentor
    from matcher.io.console.answers import print_recruits as print_recruits
    from matcher.io.console.answers import print_what_if as print_what_if
    from matcher.io.console.candidates import print_candidates as print_candidates
    from matcher.io.console.faults import print_check as print_check
    from matcher.io.console.faults import print_faults as print_faults
    from matcher.io.console.faults import print_remarks as print_remarks
    from matcher.io.console.plan import print_plan as print_plan
    from matcher.io.console.plan import print_verification as print_verification
    from matcher.io.console.policies import print_policy as print_policy
    from matcher.io.console.policies import print_policy_list as print_policy_list
    from matcher.io.console.progress import progress_line as progress_line
    from matcher.io.console.repairs import print_repair as print_repair
    from matcher.io.console.repairs import print_session_changes as print_session_changes
    from matcher.io.console.schedule import print_schedule as print_schedule

_HOME = {
    "print_alternatives": "answers",
    "print_blocking": "answers",
    "print_candidates": "candidates",
    "print_check": "faults",
    "print_comparison": "answers",
    "print_curve": "answers",
    "print_faults": "faults",
    "print_mentee": "answers",
    "print_mentor": "answers",
    "print_plan": "plan",
    "print_policy": "policies",
    "print_policy_list": "policies",
    "print_recruits": "answers",
    "print_remarks": "faults",
    "print_repair": "repairs",
    "print_schedule": "schedule",
    "print_session_changes": "repairs",
    "print_verification": "plan",
    "print_what_if": "answers",
    "progress_line": "progress",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'matcher.io.console' has no attribute {name!r}")
    return getattr(import_module(f"matcher.io.console.{_HOME[name]}"), name)
