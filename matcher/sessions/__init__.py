"""Sessions: dates, times, modes and rooms for everything that was paired."""
