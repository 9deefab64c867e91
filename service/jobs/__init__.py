"""Solves outside the request: the queue, the workers, the solver processes."""
