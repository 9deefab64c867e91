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
from matcher.judge.country.check import CountryCheck, CountryProof, check_country
from matcher.pairing.country.solve import CountryResult, CountryRound, solve_country
from matcher.policy import Policy
from matcher.roster import Roster


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
