"""Findings in sentences: the same words on the console, in the workbook and on the page."""
