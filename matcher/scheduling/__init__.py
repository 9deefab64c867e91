"""From pairs to dated sessions in words of people, and back: what is wanted, what is possible, what came of it."""
