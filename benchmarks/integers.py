"""Tables of the pairing problems that need more than a flow: groups, hours, the worst-off."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from benchmarks.cpsat import solve_with_cpsat
from benchmarks.instances import read_bids, shared_data
from benchmarks.instances_integer import gap_instance, groups_instance, roster_instance
from benchmarks.rows import Row, run_apart
from matcher.pairing.problem import Objective, PairingProblem
from matcher.pairing.solve import solve_pairing

CPSAT_SECONDS = 60.0
GAP_SECONDS = 60.0
GAP = ("a10100", "a20200", "c10200", "c20100", "d10100", "e10100", "gap12-0")
HARD_GAP = ("d10100", "e10100")

Read = Callable[[], tuple[PairingProblem, int]]


def groups_rows() -> list[Row]:
    """Return the given group instance after 10, 30 and 120 seconds, and plain CP-SAT after 60."""
    read = partial(_groups)
    rows = [run_apart(_ours, "groups_2000x500", read, seconds, "total") for seconds in (10.0, 30.0, 120.0)]
    return [*rows, run_apart(_cpsat, "groups_2000x500", read)]


def groups_roster_rows() -> list[Row]:
    """Return a generated roster of that size with common weekly slots and up to two mentors, and plain CP-SAT."""
    read = partial(_generated)
    name = "generated 2000 × 500, slots, two mentors"
    return [run_apart(_ours, name, read, 60.0, "total"), run_apart(_cpsat, name, read)]


def gap_rows() -> list[Row]:
    """Return the generalised assignment instances (hours), costs as negative values; plain CP-SAT on the hard ones."""
    rows = [run_apart(_ours, f"gap {name}", partial(_gap, name), GAP_SECONDS, "total") for name in GAP]
    return rows + [run_apart(_cpsat, f"gap {name}", partial(_gap, name)) for name in HARD_GAP]


def worst_off_rows() -> list[Row]:
    """Return the reviewer bids with the best worst-off, then the best total; plain CP-SAT beside."""
    rows = []
    for year in (2015, 2016):
        read = partial(_bids, year)
        rows.append(run_apart(_ours, f"aamas_bids {year}, worst-off first", read, 60.0, "worst_off_first"))
    return rows


def _groups() -> tuple[PairingProblem, int]:
    # The instance counts −2000 for a mentee left out; the problem +2000 for one served.
    problem = groups_instance(shared_data() / "groups_2000x500" / "options.npz")
    return problem, -2000 * problem.num_mentees


def _generated() -> tuple[PairingProblem, int]:
    return roster_instance(1), 0


def _gap(name: str) -> tuple[PairingProblem, int]:
    return gap_instance(shared_data() / "gap" / name), 0


def _bids(year: int) -> tuple[PairingProblem, int]:
    return read_bids(year).problem(), 0


def _ours(name: str, read: Read, seconds: float, objective: Objective) -> Row:
    problem, shift = read()
    started = time.perf_counter()
    result = solve_pairing(problem, time_limit=seconds, objective=objective)
    took = time.perf_counter() - started
    proof = "not proved" if result.proof is None else f"proof: {result.proof.value}"
    others = "; ".join(f"{level.name} {level.value} of {level.bound}" for level in result.levels[:-1])
    note = f"limit {seconds:g} s, {result.status.value}, {proof}" + (f"; {others}" if others else "")
    return Row(
        instance=name,
        method="matcher",
        value=result.value + shift,
        bound=result.bound + shift,
        seconds=took,
        note=note,
    )


def _cpsat(name: str, read: Read) -> Row:
    problem, shift = read()
    started = time.perf_counter()
    answer = solve_with_cpsat(problem, time_limit=CPSAT_SECONDS)
    took = time.perf_counter() - started
    value = answer.values[-1] + shift if answer.values else None
    bound = answer.bounds[-1] + shift if answer.bounds else None
    note = f"limit {CPSAT_SECONDS:g} s, " + ("proved" if answer.proved else "not proved")
    return Row(instance=name, method="CP-SAT", value=value, bound=bound, seconds=took, note=note)


TABLES: dict[str, Callable[[], list[Row]]] = {
    "groups": groups_rows,
    "groups_roster": groups_roster_rows,
    "gap": gap_rows,
    "worst_off": worst_off_rows,
}
