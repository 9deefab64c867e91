"""Speed events: rounds of short meetings at tables, the wanted ones first, nobody twice with the same person."""
