"""What every request passes through: its number, its line in the log, its measures, its protection."""
