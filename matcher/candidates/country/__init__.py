"""All pairs of a whole country, by profiles: what many people share is computed once."""
