"""Monitoring figures of the regulations: indicators, dates, signals of risk."""
