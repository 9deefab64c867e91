"""The tables of the service: one module a subject, all of them known to ``service.tables.all_tables``."""
