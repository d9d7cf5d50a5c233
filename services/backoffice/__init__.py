"""Backoffice: messages between municipality and provider, assignments, deliveries and occupancy of places."""
