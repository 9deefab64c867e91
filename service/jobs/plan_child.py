"""Keeps a plan open and answers what moves cost: ``python -m service.jobs.plan_child MEMORY IDLE_SECONDS``.

The first line on its input says how many bytes of plan follow; then each line is a question and each line it prints an
answer. It ends with its input, when nobody has asked for long, and takes no more memory than it is given.
"""

from __future__ import annotations

import json
import os
import resource
import select
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

Answer = dict[str, Any]


def main(arguments: list[str]) -> None:
    """Answer questions until the input ends."""
    memory, idle = int(arguments[0]), float(arguments[1])
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        os.nice(2)
    source = sys.stdin.buffer
    head = json.loads(source.readline())
    content = source.read(int(head["bytes"]))
    from service.jobs.child import crash_of

    try:
        desk = PlanDesk(content)
        del content
        _say({"ready": True})
        desk.warm(head["lang"])
    except Exception as error:
        _say(crash_of(error))
        return
    while (line := _next_line(source, idle)) is not None:
        try:
            _say(desk.answer(json.loads(line)))
        except MemoryError:
            return
        except Exception as error:
            _say(crash_of(error))


def _next_line(source: IO[bytes], idle: float) -> bytes | None:
    """Return the next question, None when nobody asks any more."""
    ready, _, _ = select.select([source], [], [], idle)
    return (source.readline() or None) if ready else None


def _say(answer: Answer) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class PlanDesk:
    """An open plan. What stands is sent with the first question about it, and kept."""

    def __init__(self, content: bytes) -> None:
        from matcher.explain.case import Case
        from matcher.io.plan_json import read_plan_json

        with tempfile.TemporaryDirectory(prefix="matcher-") as folder:
            file = Path(folder) / "plan.json"
            file.write_bytes(content)
            self.plan = read_plan_json(file)
        self._case = Case.of(self.plan)
        self._standing: str | None = None
        self._moving: Any = None
        self._asks: Mapping[str, Callable[[Mapping[str, Any]], Answer]] = {
            "targets": self._targets,
            "price": self._price,
        }

    def answer(self, asked: Mapping[str, Any]) -> Answer:
        """Return the answer to a question."""
        if asked["standing"] != self._standing:
            self._take(asked)
        return self._asks[asked["ask"]](asked)

    def warm(self, lang: str) -> None:
        """Read what the first answer needs, while nobody waits."""
        import matcher.explain.again.move_price  # noqa: F401
        from matcher.texts import say, text

        say(text("Mentee"), "ru" if lang == "ru" else "en")

    def _take(self, asked: Mapping[str, Any]) -> None:
        from matcher.explain.again.move_price import Moving
        from matcher.explain.again.standing import Standing, present_case

        told = {name: [tuple(two) for two in asked[name]] for name in ("couples", "locked", "forbidden")}
        standing = Standing(
            couples=tuple(told["couples"]), locked=frozenset(told["locked"]), forbidden=frozenset(told["forbidden"])
        )
        self._moving = Moving(present_case(self._case, standing))
        self._standing = asked["standing"]

    def _targets(self, asked: Mapping[str, Any]) -> Answer:
        from matcher.io.speaker import Speaker
        from service.jobs.move_words import target_words

        speaker = Speaker(self.plan, asked["lang"])
        if asked["mentee"] not in speaker.mentees:
            return {"unknown": True}
        found = self._moving.targets(asked["mentee"], asked["instead_of"])
        return {"targets": target_words(self._moving, asked["mentee"], found, speaker, asked["audience"])}

    def _price(self, asked: Mapping[str, Any]) -> Answer:
        from matcher.io.speaker import Speaker
        from service.jobs.move_words import price_words

        speaker = Speaker(self.plan, asked["lang"])
        if asked["mentee"] not in speaker.mentees or asked["mentor"] not in speaker.mentors:
            return {"unknown": True}
        found = self._moving.price(
            asked["mentor"], asked["mentee"], asked["instead_of"], thorough=bool(asked.get("thorough"))
        )
        return price_words(found, speaker, asked["audience"])


if __name__ == "__main__":
    main(sys.argv[1:])
