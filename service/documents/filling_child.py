"""The program that fills in one template in a process of its own, under limits it sets on itself.

It is started with the path of a task (JSON) and leaves ``out.docx`` beside it, or ``answer.json`` with what was wrong.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Fill in the template of the task; leave nothing where the limits end it."""
    folder = Path(sys.argv[1]).parent
    task = json.loads(Path(sys.argv[1]).read_bytes())
    _limit(task)
    from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError, UndefinedError

    from service.documents.sandbox import fill

    answer: dict[str, Any]
    try:
        made = fill((folder / "template.docx").read_bytes(), task["fields"])
        (folder / "out.docx").write_bytes(made)
        return
    except SecurityError:
        answer = {"kind": "forbidden"}
    except UndefinedError as error:
        answer = {"kind": "unknown", "detail": str(error)[:200]}
    except (TemplateSyntaxError, TemplateError) as error:
        answer = {"kind": "syntax", "detail": str(error)[:200]}
    except (MemoryError, RecursionError):
        answer = {"kind": "limits"}
    except Exception as error:
        answer = {"kind": "broken", "detail": type(error).__name__}
    (folder / "answer.json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")


def _limit(task: dict[str, Any]) -> None:
    for kind, amount in (
        (resource.RLIMIT_AS, task["memory_bytes"]),
        (resource.RLIMIT_CPU, task["cpu_seconds"]),
        (resource.RLIMIT_FSIZE, task["file_bytes"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (amount, amount))


if __name__ == "__main__":
    main()
