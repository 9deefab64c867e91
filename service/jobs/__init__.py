"""Solves outside the request: the queue, the workers, the solver processes."""

import os

for _name in [name for name in os.environ if name.startswith("DBOS_")]:
    del os.environ[_name]  # read when the library is imported: they would send this program's jobs to somebody's cloud
