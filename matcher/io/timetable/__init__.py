"""Timetables of schools as their programs hand them on: FET, aSc, workbooks, calendars; all become busy slots."""
