"""Small searches round a finished pairing: reachability, proofs of shortage, exchanges, changed problems."""
