"""What is wrong with a file, and what was normalised in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matcher.errors import Fault
from matcher.io.console.paper import Paper
from matcher.io.report import CheckReport, Remark, group_faults
from matcher.texts import Lang, Text, text, text_n

_MOST_REMARKS = 5


def print_faults(faults: Sequence[Fault], lang: Lang) -> None:
    """Print every fault to standard error: place, what is wrong, what would be right."""
    _write_faults(faults, Paper(lang, is_error=True))


def print_check(report: CheckReport, lang: Lang) -> None:
    """Print what the check of a roster found: all faults, or the numbers of what was read; then the remarks."""
    paper = Paper(lang)
    if report.faults:
        _write_faults(report.faults, paper)
    elif report.roster is not None:
        roster = report.roster
        paper.line(text("No faults found."), "green")
        paper.line(
            text(
                "Read: {people}, {mentors}, {mentees}, {organisations}.",
                people=text_n("{count} person", "{count} people", count=len(roster.people)),
                mentors=text_n("{count} mentor", "{count} mentors", count=len(roster.mentors)),
                mentees=text_n("{count} mentee", "{count} mentees", count=len(roster.mentees)),
                organisations=text_n("{count} organisation", "{count} organisations", count=len(roster.organisations)),
            )
        )
    _write_remarks(report.remarks, paper)


def print_remarks(remarks: Iterable[Remark], lang: Lang) -> None:
    """Print what was normalised or passed over, to standard error."""
    _write_remarks(remarks, Paper(lang, is_error=True))


def _write_faults(faults: Sequence[Fault], paper: Paper) -> None:
    if not paper.is_wide:
        for fault in faults:
            paper.line(_one_line(fault, paper))
        return
    groups = group_faults(faults, num_examples=len(faults))
    for group in groups:
        if group.count > 1:
            paper.line(text_n("The same {count} time:", "The same {count} times:", count=group.count), "bold")
        paper.table(
            (text("where"), text("what is wrong"), text("what would be right")),
            ((fault.place, fault.message, fault.cure or "") for fault in group.examples),
            styles=("cyan", "red", "green"),
        )
    kinds = text_n("of {count} kind", "of {count} kinds", count=len(groups))
    found = text_n("{count} fault found", "{count} faults found", count=len(faults))
    paper.line(text("{found}, {kinds}. Mend them in your file and check again.", found=found, kinds=kinds), "bold")


def _one_line(fault: Fault, paper: Paper) -> str:
    line = f"{fault.place}: {paper.say(fault.message)}"
    return line if fault.cure is None else f"{line} → {paper.say(fault.cure)}"


def _write_remarks(remarks: Iterable[Remark], paper: Paper) -> None:
    """Write remarks kind by kind, the first few of each."""
    kinds: dict[str, list[Remark]] = {}
    for remark in remarks:
        kinds.setdefault(remark.kind or remark.message.msgid, []).append(remark)
    for mine in kinds.values():
        if len({paper.say(remark.message) for remark in mine}) == 1 and all(remark.place for remark in mine):
            paper.line(_same_remark(mine, paper), "yellow")
            continue
        for remark in mine[:_MOST_REMARKS]:
            paper.line(_remark_line(remark, paper), "yellow")
        if len(mine) > _MOST_REMARKS:
            rest = len(mine) - _MOST_REMARKS
            more = text_n("… and {count} more of this kind", "… and {count} more of this kind", count=rest)
            paper.line(more, "yellow", indent=2)


def _same_remark(remarks: Sequence[Remark], paper: Paper) -> str:
    """Return one line for a remark that concerns several places."""
    places = ", ".join(remark.place for remark in remarks[:_MOST_REMARKS])
    if len(remarks) > _MOST_REMARKS:
        rest = len(remarks) - _MOST_REMARKS
        places += f" {paper.say(text_n('and {count} more', 'and {count} more', count=rest))}"
    return f"{places}: {paper.say(remarks[0].message)}"


def _remark_line(remark: Remark, paper: Paper) -> Text | str:
    return f"{remark.place}: {paper.say(remark.message)}" if remark.place else remark.message
