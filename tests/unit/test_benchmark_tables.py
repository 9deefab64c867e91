"""The harness of the benchmarks: rows, tables, names; nothing is timed here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from benchmarks import peers
from benchmarks import run as run_module
from benchmarks.instances import generate_flow
from benchmarks.rows import Row, as_markdown, run_apart, setting
from benchmarks.run import build_app, main
from tests.brute_force import best_values


def tiny_row(value: int) -> Row:
    return Row(instance="tiny", method="ours", value=value, bound=value + 1, seconds=0.5)


def test_a_generated_round_depends_on_its_seed_alone() -> None:
    first, again, other = (generate_flow(30, 20, 4, seed) for seed in (1, 1, 2))
    assert np.array_equal(first.points, again.points)
    assert not np.array_equal(first.points, other.points)


def test_all_methods_agree_where_they_apply() -> None:
    edges = generate_flow(4, 3, 3, 5)
    best = best_values(edges.problem())[0]
    rows = [
        peers.ours(edges, "total"),
        peers.scipy_highs(edges, "total", 10.0),
        peers.plain_cpsat(edges, "total", 10.0),
        peers.scipy_lapjv(edges, "total"),
        peers.networkx_simplex(edges, "total"),
    ]
    assert [row.value for row in rows] == [best] * len(rows)


def test_a_method_that_does_not_fit_says_why() -> None:
    edges = generate_flow(4, 3, 3, 5)
    row = peers.scipy_lapjv(edges, "cover_first")
    assert (row.value, row.seconds, row.note) == (None, None, "not run: has no levels")


def test_a_row_measured_apart_knows_its_memory() -> None:
    row = run_apart(tiny_row, 7)
    assert row.value == 7
    assert row.peak_mib is not None
    assert row.peak_mib > 0


def test_a_table_shows_value_bound_and_gap() -> None:
    table = as_markdown("sample", [tiny_row(9), Row(instance="tiny", method="other", note="not run: no reason")])
    assert "| tiny | ours | 9 | 10 | 11.111 % | 0.500 |  |  |" in table
    assert "| tiny | other |  |  |  |  |  | not run: no reason |" in table


def test_the_head_names_versions() -> None:
    assert "ortools" in setting()


def test_an_unknown_table_is_an_error_that_names_the_known() -> None:
    result = CliRunner().invoke(build_app(), ["flaw"])
    assert result.exit_code == 2
    assert "flow" in result.output


def test_without_names_the_tables_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        main([])
    assert "mentor_match" in capsys.readouterr().out


def test_a_table_is_written_where_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "_tables", lambda modules: {"tiny": lambda: [tiny_row(3)]})
    main(["tiny"], tmp_path)
    assert "| tiny | ours | 3 | 4 |" in (tmp_path / "tiny.md").read_text(encoding="utf-8")
