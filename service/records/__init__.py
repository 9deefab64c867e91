"""What hangs on rounds, pairs and people."""
