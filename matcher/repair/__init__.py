"""Changes in the middle of a year: what is lost, and how to make it good with the least movement."""
