"""HTTP round the core. The rooms of the service open with its first route; nothing imports this package."""
