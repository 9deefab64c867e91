"""What the command prints: coloured tables on a terminal, plain lines elsewhere."""

from matcher.io.console.answers import (
    print_alternatives,
    print_blocking,
    print_comparison,
    print_curve,
    print_mentee,
    print_mentor,
    print_recruits,
    print_what_if,
)
from matcher.io.console.candidates import print_candidates
from matcher.io.console.faults import print_check, print_faults, print_remarks
from matcher.io.console.plan import print_plan, print_verification
from matcher.io.console.policies import print_policy, print_policy_list
from matcher.io.console.progress import progress_line
from matcher.io.console.repairs import print_repair, print_session_changes
from matcher.io.console.schedule import print_schedule

__all__ = [
    "print_alternatives",
    "print_blocking",
    "print_candidates",
    "print_check",
    "print_comparison",
    "print_curve",
    "print_faults",
    "print_mentee",
    "print_mentor",
    "print_plan",
    "print_policy",
    "print_policy_list",
    "print_recruits",
    "print_remarks",
    "print_repair",
    "print_schedule",
    "print_session_changes",
    "print_verification",
    "print_what_if",
    "progress_line",
]
