"""What decisions are called on the board, and the forms they come from."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.texts import Text, text

_DECISIONS: Mapping[str, Text] = {
    "lock": text("locked the pair"),
    "unlock": text("unlocked the pair"),
    "forbid": text("forbade the pair"),
    "allow": text("allowed the pair again"),
    "accept": text("one side agreed"),
    "decline": text("one side declined"),
    "agree": text("the council agreed"),
    "override": text("lifted a rule"),
    "psychologist": text("the psychologist gave an opinion"),
    "terminate": text("ended the pair early"),
    "prolong": text("changed the term"),
    "replace": text("replaces the mentor"),
    "move": text("gave the mentee another mentor"),
    "undo": text("undid a decision"),
    "comment": text("comment"),
    "transition": text("took the round on"),
}


def decision_text(kind: str) -> Text:
    """Return what a decision is called; a step of a round has a kind of its own."""
    return _DECISIONS.get(kind, text("decision"))
