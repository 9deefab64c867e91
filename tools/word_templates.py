"""A sheet for Word templates: lines, tables over a list, signatures, in the style of Russian official papers."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

_SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "centre": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
_SIDES["both"] = WD_ALIGN_PARAGRAPH.JUSTIFY


class Sheet:
    """A template being written."""

    def __init__(self, title: str, *, wide: bool = False, numbered: bool = False, size: float = 12) -> None:
        self.document = Document()
        self.size = size
        section = self.document.sections[0]
        width, height = (29.7, 21) if wide else (21, 29.7)
        section.page_width, section.page_height = Cm(width), Cm(height)
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.left_margin, section.right_margin = (Cm(1.5), Cm(1.5)) if wide else (Cm(2.5), Cm(1.5))
        section.top_margin = section.bottom_margin = Cm(2)
        self.width = width - (3 if wide else 4)
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = "Times New Roman", Pt(size)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "ru-RU")
        style.element.rPr.append(language)
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.widow_control = True
        self.document.core_properties.author = "mentor-matcher"
        self.document.core_properties.title = title
        self.document.core_properties.language = "ru-RU"
        if numbered:
            self._number_pages()

    def line(
        self,
        words: str = "",
        *,
        side: str = "both",
        bold: bool = False,
        italic: bool = False,
        first: float = 0,
        left: float = 0,
        size: float | None = None,
        after: float | None = None,
        keep: bool = False,
    ) -> Paragraph:
        """Write a paragraph; ``first`` is the indent of its first line, in centimetres."""
        made = self.document.add_paragraph()
        run = made.add_run(words)
        run.bold, run.italic = bold, italic
        if size is not None:
            run.font.size = Pt(size)
        made.alignment = _SIDES[side if words else "left"]
        made.paragraph_format.first_line_indent = Cm(first) if first else None
        made.paragraph_format.left_indent = Cm(left) if left else None
        made.paragraph_format.keep_with_next = keep or None
        if after is not None:
            made.paragraph_format.space_after = Pt(after)
        return made

    def apart(self, left: str, right: str, *, after: float | None = None) -> None:
        """Write a line with words at both margins."""
        made = self.line(f"{left}\t{right}", side="left", after=after)
        made.paragraph_format.tab_stops.add_tab_stop(Cm(self.width), WD_TAB_ALIGNMENT.RIGHT)

    def body(self, words: str, **given: object) -> None:
        """Write a paragraph of running text."""
        self.line(words, first=1.25, **given)  # type: ignore[arg-type]

    def head(self, words: str, *, size: float | None = None, after: float | None = None) -> None:
        """Write a heading in the middle."""
        self.line(words, side="centre", bold=True, size=size, after=after, keep=True)

    def part(self, words: str) -> None:
        """Write the heading of a part."""
        made = self.line(words, side="left", bold=True, keep=True)
        made.paragraph_format.space_before = Pt(6)

    def tag(self, words: str) -> None:
        """Write a tag that takes a paragraph of its own and leaves none: ``for``, ``if``, ``endfor``, ``endif``."""
        self.document.add_paragraph(f"{{%p {words} %}}")

    def each(self, loop: str) -> None:
        """Begin a list of papers, each on a page of its own; end it with ``endfor``."""
        self.tag(f"for {loop}")
        self.tag("if not loop.first")
        made = self.document.add_paragraph()
        made.add_run().add_break(WD_BREAK.PAGE)
        made.paragraph_format.space_after = Pt(0)
        self.tag("endif")

    def table(self, heads: tuple[str, ...], loop: str, cells: tuple[str, ...], widths: tuple[float, ...]) -> None:
        """Write a table with a line for each of a list; the head is repeated on every page."""
        size = Pt(self.size - 1)
        scale = self.width / sum(widths)
        grid = self.document.add_table(rows=4, cols=len(heads), style="Table Grid")
        grid.autofit = False
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = Cm(width * scale)
        empty = [""] * (len(heads) - 1)
        rows = (heads, (f"{{%tr for {loop} %}}", *empty), cells, ("{%tr endfor %}", *empty))
        for row, contents in zip(grid.rows, rows, strict=True):
            for cell, content, width in zip(row.cells, contents, widths, strict=True):
                cell.width = Cm(width * scale)
                paragraph = cell.paragraphs[0]
                run = paragraph.add_run(content)
                run.bold, run.font.size = contents is heads, size
                paragraph.paragraph_format.space_after = Pt(0)
                if contents is heads:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            properties = row._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if contents is heads:
                properties.append(OxmlElement("w:tblHeader"))
        self.line(after=0, size=6)

    def facts(self, rows: tuple[tuple[str, str], ...], *, left: float = 6) -> None:
        """Write a table of two columns: what, and its value."""
        grid = self.document.add_table(rows=len(rows), cols=2, style="Table Grid")
        grid.autofit = False
        widths = (left, self.width - left)
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = Cm(width)
        for row, contents in zip(grid.rows, rows, strict=True):
            for cell, content, width in zip(row.cells, contents, widths, strict=True):
                cell.width = Cm(width)
                cell.paragraphs[0].add_run(content)
                cell.paragraphs[0].paragraph_format.space_after = Pt(0)
        self.line(after=0, size=6)

    def sign(self, who: str, name: str = "______________________", *, day: bool = False) -> None:
        """Write a line to be signed: who, the place of the signature, the name beside it."""
        made = self.document.add_paragraph()
        made.paragraph_format.space_before = Pt(12)
        made.paragraph_format.keep_together = True
        made.paragraph_format.keep_with_next = True
        made.paragraph_format.tab_stops.add_tab_stop(Cm(7.8))
        made.paragraph_format.tab_stops.add_tab_stop(Cm(12.2))
        made.add_run(who)
        made.add_run("\t____________________")
        made.add_run(f"\t{name}")
        if day:
            made.add_run("\n«____» ______________ 20___ г.")

    def save(self, path: Path) -> None:
        """Write the file."""
        self.document.save(str(path))

    def _number_pages(self) -> None:
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        run = OxmlElement("w:r")
        number = OxmlElement("w:t")
        number.text = "1"
        run.append(number)
        field.append(run)
        paragraph._p.append(field)
