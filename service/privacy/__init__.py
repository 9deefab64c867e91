"""Personal data: consents, export, erasure, backup."""
