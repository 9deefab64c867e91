"""The instances of pairing that are flows: real ones read from `MATCHER_SHARED`, generated ones from a seed."""

from __future__ import annotations

import csv
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.pairing.problem import PairingProblem

IntArray = NDArray[np.int64]
MENTOR_MATCH_RULES = Path(__file__).with_name("mentor_match_cs.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Allowed pairs with whole-number points, places of mentors and wishes of mentees; ``unit`` points are one."""

    name: str
    num_mentors: int
    num_mentees: int
    mentor: IntArray
    mentee: IntArray
    points: IntArray
    capacity: IntArray
    demand: IntArray
    unit: int = 1

    def problem(self) -> PairingProblem:
        """Return the pairing problem of these edges."""
        return PairingProblem.from_edges(
            self.mentor,
            self.mentee,
            self.points,
            num_mentors=self.num_mentors,
            num_mentees=self.num_mentees,
            capacity=self.capacity,
            demand=self.demand,
        )

    @property
    def size(self) -> str:
        """Return the size in words."""
        return f"{self.num_mentees:,} mentees × {self.num_mentors:,} mentors, {len(self.mentor):,} edges"


def shared_data() -> Path:
    """Return the folder of the real data."""
    default = Path(__file__).parents[2] / "shared"
    return Path(os.environ.get("MATCHER_SHARED", default)) / "data"


def read_mentor_match(size: str) -> Edges:
    """Return the sample round of the Civil Service mentor matcher (``small`` or ``large``) under its own rules.

    The rules stand in ``mentor_match_cs.toml``: grades, who is refused, points, places.
    """
    rules = mentor_match_rules()
    points_for = rules["points"]
    mentors, mentees = (read_people(size, side) for side in ("mentors", "mentees"))
    grade = {name: index for index, name in enumerate(rules["grades"])}
    above = np.subtract.outer([grade[m["grade"]] for m in mentors], [grade[n["grade"]] for n in mentees])
    step_points = {int(step): points for step, points in points_for["grades_above"].items()}
    allowed = np.isin(above, list(step_points))
    if not rules["same_organisation"]:
        allowed &= ~_equal(mentors, mentees, "organisation")
    row, col = np.nonzero(allowed)
    traits = [{trait.strip() for trait in m["characteristics"].split(",")} for m in mentors]
    wanted = [n["identity to match"].strip() for n in mentees]
    found = np.array([wanted[n] != "" and wanted[n] in traits[m] for m, n in zip(row, col, strict=True)])
    points = np.array([step_points[step] for step in above[row, col].tolist()])
    points += points_for["same_profession"] * _equal(mentors, mentees, "profession")[row, col]
    points += points_for["identity_found"] * found
    return Edges(
        name=f"mentor_match_cs {size}",
        num_mentors=len(mentors),
        num_mentees=len(mentees),
        mentor=row,
        mentee=col,
        points=points.astype(np.int64),
        capacity=np.full(len(mentors), rules["max_mentees_per_mentor"]),
        demand=np.full(len(mentees), rules["max_mentors_per_mentee"]),
    )


def mentor_match_rules() -> dict[str, Any]:
    """Return the rules of the mentor matcher."""
    return tomllib.loads(MENTOR_MATCH_RULES.read_text(encoding="utf-8"))


def read_people(size: str, side: str) -> list[dict[str, str]]:
    """Return the rows of `mentors` or `mentees` of the sample."""
    with (shared_data() / "mentor_match_cs" / f"{size}-{side}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _equal(mentors: list[dict[str, str]], mentees: list[dict[str, str]], column: str) -> NDArray[np.bool_]:
    return np.array([m[column] for m in mentors])[:, None] == np.array([n[column] for n in mentees])[None, :]


def read_bids(year: int) -> Edges:
    """Return the reviewer bids of AAMAS 2015 or 2016 in quarters: three mentors each, twelve mentees at most."""
    lines = (shared_data() / "aamas_bids" / f"aamas{year}.in").read_text(encoding="utf-8").split("\n")
    num_mentees, num_mentors = (int(word) for word in lines[0].split())
    scores = np.array([[float(word) for word in line.split()] for line in lines[1 : num_mentees + 1]])
    col, row = np.nonzero(scores > 0)
    return Edges(
        name=f"aamas_bids {year}",
        num_mentors=num_mentors,
        num_mentees=num_mentees,
        mentor=row,
        mentee=col,
        points=np.rint(4 * scores[col, row]).astype(np.int64),
        capacity=np.full(num_mentors, 12),
        demand=np.full(num_mentees, 3),
        unit=4,
    )


def generate_flow(num_mentees: int, num_mentors: int, degree: int, seed: int) -> Edges:
    """Return a made-up round in one component: each mentee may go to about ``degree`` mentors of 1 to 3 places.

    Points are 1 to 1000, partly the mentor's own renown, so that the renowned are short.
    """
    random = np.random.default_rng(seed)
    renown = random.integers(0, 500, num_mentors)
    mentee = np.repeat(np.arange(num_mentees), degree)
    mentor = random.integers(0, num_mentors, num_mentees * degree)
    pair = np.unique(mentee * num_mentors + mentor)
    mentee, mentor = pair // num_mentors, pair % num_mentors
    return Edges(
        name=f"flow {num_mentees} × {num_mentors}, seed {seed}",
        num_mentors=num_mentors,
        num_mentees=num_mentees,
        mentor=mentor,
        mentee=mentee,
        points=random.integers(1, 501, len(pair)) + renown[mentor],
        capacity=random.integers(1, 4, num_mentors),
        demand=np.ones(num_mentees, dtype=np.int64),
    )
