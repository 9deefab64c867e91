"""The smallest concessions that would place missing sessions, each tried by planning again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, groupby

from matcher.impossible.finding import Finding
from matcher.impossible.offers import Offer, both, offers_for
from matcher.impossible.question import Deadline, TimeUp
from matcher.impossible.trial import Trial
from matcher.impossible.words import Words, listed
from matcher.impossible.world import Scene
from matcher.sessions.schedule import Concession
from matcher.texts import text

ENOUGH = 2
_MOST_PAIRS = 150
_BREAK_MINUTES = 30
"""A long meeting may need two lessons of one person that follow each other."""


def find_concessions(scene: Scene, id_: str, findings: Sequence[Finding], deadline: Deadline) -> tuple[Concession, ...]:
    """Return up to two of the lightest concessions that place sessions an activity misses, with their gain as a fact.

    Those that touch one fact come first; where there are not enough, two at once. Different facts are preferred.
    """
    elements = [element for finding in findings for element in finding.elements]
    numbers = [number for finding in findings for number in finding.numbers]
    found: list[tuple[Offer, int]] = []
    try:
        trial = Trial.of(scene, id_, findings, deadline)
        found += moves(scene, trial)
        offers = offers_for(scene, id_, elements, numbers)
        missing = len(scene.missing(id_))
        for group in _by_weight(offers):
            _try(trial, group, found, missing)
            if len({offer.element for offer, _ in found}) >= ENOUGH:
                break
        if len(found) < ENOUGH:
            alone = {offer.key for offer, _ in found}
            for group in _by_weight(_in_twos([offer for offer in offers if offer.key not in alone])):
                _try(trial, group, found, missing)
                if len(found) >= ENOUGH:
                    break
    except TimeUp:
        # What was tried until then is known.
        pass
    return tuple(
        Concession(element=offer.key, message=offer.message, gain=gain, weight=offer.weight)
        for offer, gain in _different(found)
    )


def _by_weight(offers: Sequence[Offer]) -> list[list[Offer]]:
    return [list(group) for _, group in groupby(offers, key=lambda offer: offer.weight)]


def _try(trial: Trial, offers: Sequence[Offer], found: list[tuple[Offer, int]], missing: int) -> None:
    """Add the offers of one weight that help to ``found``, until two of different facts place all that is missing."""
    for offer, gain in trial.gains(offers):
        found.append((offer, gain))
        if len({one.element for one, placed in found if placed == missing}) >= ENOUGH:
            return


def moves(scene: Scene, trial: Trial) -> list[tuple[Offer, int]]:
    """Return what needs no concession at all: sessions that find a place when these, or those of others, move."""
    found = []
    words = Words(scene.world)
    gains = trial.by_moving
    alone = max(gain for way, gain in gains.items() if not way.rivals)
    others = max(gains.values())
    if alone > 0:
        told = text("plan these meetings again")
        found.append((Offer(key=f"{trial.activity} again", weight=0, message=told, change=lambda world: world), alone))
    if others > alone:
        told = text("move meetings of {pairs}", pairs=listed([words.pair(id_) for id_ in trial.rivals], separator="; "))
        key = f"{' '.join(trial.rivals)} moved"
        found.append((Offer(key=key, weight=1, message=told, change=lambda world: world, element=key), others))
    return found


def _different(found: Sequence[tuple[Offer, int]]) -> list[tuple[Offer, int]]:
    """Return the best two, of different facts if possible, in the order of their weight."""
    ordered = sorted(found, key=lambda one: (one[0].weight, -one[1], one[0].key))
    firsts = {offer.element: at for at, (offer, _) in reversed(list(enumerate(ordered)))}
    best = sorted(firsts.values())
    rest = [at for at in range(len(ordered)) if at not in best]
    return [ordered[at] for at in sorted([*best, *rest][:ENOUGH])]


def _in_twos(offers: Sequence[Offer]) -> list[Offer]:
    """Return what two offers make together; lessons are moved together where they are at the same time."""
    pairs = [both(one, other) for one, other in combinations(offers, 2) if _go_together(one, other)]
    return sorted(pairs, key=lambda offer: offer.weight)[:_MOST_PAIRS]


def _go_together(one: Offer, other: Offer) -> bool:
    if one.element == other.element and one.time is None:
        return False
    if one.time is None or other.time is None:
        return True
    near = _BREAK_MINUTES if one.element == other.element else 0
    is_near = one.time[1] < other.time[2] + near and other.time[1] < one.time[2] + near
    return one.time[0] == other.time[0] and is_near
