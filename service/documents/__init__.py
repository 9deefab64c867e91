"""The papers of a round as Word files: consents, orders, programmes, reports, made of what the tables hold."""
