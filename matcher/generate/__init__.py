"""Made-up rosters: people, organisations, wishes and papers, the same for the same seed.

Uneven on purpose, as real rounds are: mathematics, English and physics have 2.4 to 2.8 mentees for each mentor who
can help, village schools have one teacher a subject, sizes are heavy-tailed, scores tie.
"""
