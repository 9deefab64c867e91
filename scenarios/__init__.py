"""Whole cases run in batch: one machine or a cluster; nothing imports this package.

A *scenario* is a folder with ``scenario.toml`` (regulation, roster or its seed and size, calendar, axes, limits, what
to run), a story in ``README.md`` and, where something must hold, ``expected.toml``. Its axes expand it to *runs*; a run
is a pure function of its inputs. The way of a run through the package::

    reading.read_scenario ─► Scenario ─► runs.expand ─► Run ─► compute.compute_run ─► Outcome ─► store.Store ─► report
                                                        (cluster.run_all, any number at once)

The few names to build on:

``reading.read_scenario(folder)``, ``reading.list_scenarios()``
    Scenarios, every fault of a file at once.
``runs.expand(scenario)``
    Its runs, one for each combination of the values of its axes; ``Run.digest`` is a hash of all that goes in.
``compute.compute_run(run, files)``
    The outcome of one run: a row of figures and the files to keep. ``compute.WAYS`` maps the word ``what`` of a
    scenario to the function that computes it; another sort of scenario is one more entry there.
``batch.run_batch(runs, out, …)``
    Runs many at once and keeps each outcome whole or not at all; finished ones are skipped on request.
``rows.Row``, ``store.read_rows(out)``
    One row a run, as a dataclass and as a table.
``plots.build_plots(rows, lang)``
    The drawings of the report from rows alone (``drawing``: SVG; ``frontiers``, ``step_plots``: more of them).
``years.plan_country_year(client, run, row, …)``
    The second part of a country's run: its year of meetings, municipality by municipality (``towns``).
``cluster.open_cluster(address, jobs)``, ``cluster.run_all(client, function, jobs, shared=…)``
    The ground below: any function of a module over many arguments, on local processes or a Dask cluster.
"""
