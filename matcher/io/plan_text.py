"""What every part of a plan file is, and how the file keeps sentences."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, StrictBool, StrictFloat, StrictInt, StrictStr

from matcher.texts import Text


class Part(BaseModel):
    """A part of the file; a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TextPart(Part):
    """A sentence with its blanks."""

    msgid: str
    params: dict[str, TextPart | StrictBool | StrictInt | StrictFloat | StrictStr | None] = {}
    plural: str | None = None
    count: int = 1

    @classmethod
    def of(cls, message: Text) -> Self:
        """Return the part that holds a sentence."""
        params = {name: _blank(message.params[name]) for name in sorted(message.params)}
        return cls.model_construct(msgid=message.msgid, params=params, plural=message.plural, count=message.count)

    def text(self) -> Text:
        """Return the sentence."""
        params = {name: value.text() if isinstance(value, TextPart) else value for name, value in self.params.items()}
        return Text(self.msgid, params, self.plural, self.count)


def _blank(value: object) -> Any:
    """Return what fills a blank as the file keeps it; what is neither number nor sentence is kept as it is read."""
    if isinstance(value, Text):
        return TextPart.of(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)
