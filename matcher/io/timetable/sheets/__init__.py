"""Timetables in workbooks: three layouts, guessed and, where a guess is wrong, told in a COLUMNS.toml."""
