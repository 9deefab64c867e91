"""Why the pairs of a plan are as they are, and how they load people."""
