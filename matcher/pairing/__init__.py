"""Individual pairs, groups, several mentors and reverse pairs, decided in one problem."""
