"""Whether a round of a country is so: every allowed pair is looked at again, without a solver and without its model."""
