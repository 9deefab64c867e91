"""The paper the console writes on: headings, tables, sentences. Names are never read as markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from matcher.texts import Lang, Text, say

Justify = Literal["left", "right", "center"]


class Paper:
    """Writes to standard output or standard error in one language."""

    def __init__(self, lang: Lang, *, is_error: bool = False) -> None:
        self.lang = lang
        self.console = Console(stderr=is_error, highlight=False)

    @property
    def is_wide(self) -> bool:
        """Return whether a person looks at a terminal; a file or a pipe gets one line a row instead."""
        return self.console.is_terminal

    def say(self, message: Text | str) -> str:
        """Return a sentence in the language of this paper."""
        return say(message, self.lang)

    def title(self, message: Text | str) -> None:
        """Write a heading."""
        self._line("", "")
        self._line(self.say(message), "bold")

    def line(self, message: Text | str, style: str = "", indent: int = 0) -> None:
        """Write one sentence on its own line."""
        self._line(" " * indent + self.say(message), style)

    def table(
        self,
        headings: Sequence[Text | str],
        rows: Iterable[Sequence[Text | str]],
        *,
        justify: Sequence[Justify] = (),
        styles: Sequence[str] = (),
    ) -> None:
        """Write a table; away from a terminal one line a row, cells separated by tabs."""
        if not self.is_wide:
            self._line("\t".join(self.say(heading) for heading in headings), "")
            for row in rows:
                self._line("\t".join(self.say(cell) for cell in row), "")
            return
        table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
        for at, heading in enumerate(headings):
            table.add_column(
                Styled(self.say(heading)),
                justify=justify[at] if at < len(justify) else "left",
                style=styles[at] if at < len(styles) else "",
                overflow="fold",
            )
        for row in rows:
            table.add_row(*(Styled(self.say(cell)) for cell in row))
        self.console.print(table)

    def _line(self, line: str, style: str) -> None:
        if self.is_wide:
            self.console.print(Styled(line, style=style))
        else:
            # Rich would turn tabs into spaces.
            self.console.file.write(line + "\n")
