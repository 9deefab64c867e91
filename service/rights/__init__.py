"""Who may call which route: tables in TOML that a person can read, one a subject."""
