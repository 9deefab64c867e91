"""A round of a whole country as one run: people, pairs over all the country, proof, and the judge's finding."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from matcher.candidates.country.build import Country, build_country
from matcher.candidates.people import reference_day_of
from matcher.generate.country import generate_country
from matcher.generate.roster import PRESETS
from matcher.io.read_roster import read_roster
from matcher.judge.country.check import CountryCheck, CountryProof, check_country
from matcher.outcome import Proof
from matcher.pairing.country.solve import CountryResult, CountryRound, solve_country
from matcher.policy import Policy
from matcher.roster import Roster
from scenarios.country_shares import country_shares
from scenarios.document import RosterPart
from scenarios.materials import unpacked
from scenarios.rows import LevelRow
from scenarios.scenario import Files


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SolvedCountry:
    """A round of a country with its answer; ``seconds`` by step."""

    roster: Roster
    policy: Policy
    day: date
    country: Country
    result: CountryResult
    seconds: Mapping[str, float]

    def proof(self) -> CountryProof:
        """Return what anybody needs to re-check the round."""
        columns, result = self.country.columns, self.result
        mentor, mentee = columns.mentor_id, columns.mentee_id
        return CountryProof(
            pairs=[(mentor[m], mentee[n]) for m, n in zip(result.mentor.tolist(), result.mentee.tolist(), strict=True)],
            levels=self.country.problem.level_names,
            weights=result.weights.level.tolist(),
            price=dict(zip(mentor, result.price.tolist(), strict=True)),
            locks=frozenset((mentor[lock.mentor], mentee[lock.mentee]) for lock in self.country.locks),
        )

    def check(self) -> CountryCheck:
        """Return the judge's finding: every allowed pair is looked at again, without a solver."""
        return check_country(self.roster, self.policy, self.day, self.proof())


def solve_round(
    roster: Roster,
    policy: Policy,
    day: date | None = None,
    *,
    time_limit: float = 3600.0,
    on_round: Callable[[CountryRound], None] | None = None,
) -> SolvedCountry:
    """Return the best round of a country, with the steps timed.

    Raises
    ------
    InputError
        When the policy or the roster asks for what binds several pairs together.
    """
    began = time.perf_counter()
    on = reference_day_of(policy, date.today()) if day is None else day
    country = build_country(roster, policy, on)
    built = time.perf_counter()
    result = solve_country(country.problem, country.source, time_limit=time_limit, on_round=on_round)
    done = time.perf_counter()
    return SolvedCountry(
        roster=roster,
        policy=policy,
        day=on,
        country=country,
        result=result,
        seconds={"build": built - began, "solve": done - built},
    )


def country_people(part: RosterPart, files: Files) -> Roster:
    """Return the people a scenario names: those of its file, or made-up ones who each look for one mentor."""
    if part.file is not None:
        with unpacked(files) as folder:
            return read_roster(folder / part.file)
    numbers = {key: getattr(part, key) for key in ("mentees", "mentors", "organisations", "municipalities", "staff")}
    if part.size is not None:
        numbers = {key.removeprefix("num_"): value for key, value in PRESETS[part.size].items()}
    return made_up_country({key: value for key, value in numbers.items() if value is not None}, part.seed)


def country_levels(found: SolvedCountry, *, is_proved: bool) -> tuple[LevelRow, ...]:
    """Return the levels of a round; where it is proved, the bound of each is its value."""
    return tuple(
        LevelRow(
            name=name,
            value=value,
            bound=value if is_proved else None,
            proof=Proof.CERTIFICATE.value if is_proved else None,
        )
        for name, value in zip(found.country.problem.level_names, found.result.values, strict=True)
    )


def country_figures(found: SolvedCountry, check: CountryCheck) -> dict[str, float]:
    """Return the numbers of a round: people, pairs by region, turns, and what each rule refuses first, in percent."""
    result, problem = found.result, found.country.problem
    refused = {f"refused.{rule}": 100 * count / check.num_pairs for rule, count in sorted(check.refused.items())}
    return (
        {
            "mentors": problem.num_mentors,
            "mentees": problem.num_mentees,
            "pairs": len(result.mentor),
            "served": len(result.mentor),
            "coverage": 100 * len(result.mentor) / max(1, problem.num_mentees),
            "unmatched": problem.num_mentees - len(result.mentor),
            "pairs.all": check.num_pairs,
            "pairs.allowed": check.num_allowed,
            "pairs.kept": len(result.kept),
            "turns": len(result.rounds),
            "conflicts": len(found.country.conflicts),
            "refused": 100 * (1 - check.num_allowed / max(1, check.num_pairs)),
        }
        | refused
        | country_shares(found.roster, found.proof().pairs)
    )


def made_up_country(numbers: Mapping[str, int], seed: int) -> Roster:
    """Return made-up people of a country of these sizes (``mentees``, ``mentors``, ``organisations`` …)."""
    return generate_country(**{f"num_{key}": value for key, value in numbers.items()}, seed=seed)


def proof_as_json(proof: CountryProof) -> bytes:
    """Return the proof as a file: what :func:`proof_from_json` reads back."""
    document = {
        "pairs": [list(pair) for pair in proof.pairs],
        "levels": list(proof.levels),
        "weights": list(proof.weights),
        "price": dict(proof.price),
        "locks": sorted(list(pair) for pair in proof.locks),
    }
    return json.dumps(document, ensure_ascii=False).encode()


def proof_from_json(content: bytes) -> CountryProof:
    """Return the proof from a file."""
    document = json.loads(content)
    return CountryProof(
        pairs=[(mentor, mentee) for mentor, mentee in document["pairs"]],
        levels=document["levels"],
        weights=document["weights"],
        price=document["price"],
        locks=frozenset((mentor, mentee) for mentor, mentee in document["locks"]),
    )
