"""Who comes in: identification, passwords, second factor, links."""
