"""A round of a whole country: solved on few pairs, proved over all of them."""
