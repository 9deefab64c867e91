"""The words people send to the routes of personal data: how long they may be; no control characters."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

_LINE = r"^[^\x00-\x1f\x7f]*$"

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_LINE)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=_LINE)]
