"""What a move of one mentee costs, in people and requests."""

from __future__ import annotations

from matcher.compare import Measure
from matcher.explain.again.move_price import MovePrice
from matcher.explain.findings import Effect
from matcher.explain.level_titles import level_title
from matcher.io.sentences.effects import points_part
from matcher.io.speaker import Speaker
from matcher.texts import Text, text, text_n


def price_lines(price: MovePrice, speaker: Speaker) -> list[str]:
    """Return the price of a move, a short sentence for each thing that changes; what is lost comes first."""
    effect = price.effect
    if effect is None:
        return []
    found = [*_served(effect, speaker), *_figures(effect), *_moved(effect, price.mentee)]
    if not found:
        found = [points_part(effect)]
    return [speaker.say(one) for one in found]


def _served(effect: Effect, speaker: Speaker) -> list[Text]:
    found = []
    if effect.no_longer_served:
        names = speaker.persons(effect.no_longer_served, most=4)
        found.append(
            text_n(
                "{count} mentee is left without a mentor: {names}",
                "{count} mentees are left without a mentor: {names}",
                count=len(effect.no_longer_served),
                names=names,
            )
        )
    if effect.newly_served:
        names = speaker.persons(effect.newly_served, most=4)
        found.append(
            text_n(
                "{count} mentee gets a mentor and had none: {names}",
                "{count} mentees get a mentor and had none: {names}",
                count=len(effect.newly_served),
                names=names,
            )
        )
    return found


def _figures(effect: Effect) -> list[Text]:
    found = []
    for figure in effect.figures:
        less, count = figure.change < 0, abs(figure.change)
        if figure.measure is Measure.REQUESTS and count:
            found.append(
                text_n("{count} request covered fewer", "{count} requests covered fewer", count=count)
                if less
                else text_n("{count} request covered more", "{count} requests covered more", count=count)
            )
        elif figure.measure is Measure.GAPS and count:
            found.append(
                text_n("{count} gap covered fewer", "{count} gaps covered fewer", count=count)
                if less
                else text_n("{count} gap covered more", "{count} gaps covered more", count=count)
            )
        elif figure.measure is Measure.GROUPS and count:
            found.append(
                text_n("{count} group fewer", "{count} groups fewer", count=count)
                if less
                else text_n("{count} group more", "{count} groups more", count=count)
            )
    return found


def _moved(effect: Effect, mentee: str) -> list[Text]:
    others = [move for move in effect.moved if move.mentee != mentee]
    if others:
        return [text_n("{count} other mentee changes mentor", "{count} other mentees change mentor", count=len(others))]
    if effect.no_longer_served or [one for one in effect.newly_served if one != mentee]:
        return []
    return [text("nobody else is touched")]


def sureness(price: MovePrice) -> Text:
    """Return how sure a price is."""
    if price.is_exact:
        return text("This is exact: no plan with this pair is better.")
    if price.loss is None:
        return text("At most this: a valid plan costs so much; a better one may exist.")
    if price.loss.least >= price.loss.most:
        return text("This is exact for what counts most here ({level}).", level=level_title(price.loss.level))
    if price.loss.least:
        told = {"least": price.loss.least, "most": price.loss.most, "level": level_title(price.loss.level)}
        return text("The price lies between {least} and {most} points ({level}).", **told)
    told = {"most": price.loss.most, "level": level_title(price.loss.level)}
    return text("At most this: such a plan is found; it may cost less ({level}: at most {most} points).", **told)


def why_not(price: MovePrice, speaker: Speaker) -> list[str]:
    """Return why a move is not possible; nothing where it is."""
    if price.effect is not None:
        return []
    if price.refused:
        return [_refusal(speaker, rule.sentence, rule.clause) for rule in price.refused]
    if price.is_present:
        return [speaker.say(text("The two are a pair already."))]
    if price.is_forbidden:
        return [speaker.say(text("This pair was forbidden or declined."))]
    if price.is_locked:
        return [speaker.say(text("The present pair is fixed: release it first."))]
    return [
        speaker.say(
            text(
                "No valid plan with this pair was found: a group would become too small, or fixed pairs leave no room."
            )
        )
    ]


def _refusal(speaker: Speaker, sentence: Text, clause: str) -> str:
    said = speaker.say(sentence)
    return said if not clause else f"{said} ({speaker.say(text('clause {clause}', clause=clause))})"
