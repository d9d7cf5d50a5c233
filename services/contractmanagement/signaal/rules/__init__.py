"""When a line or cell deserves a signal: what occupancy is held against, and the episodes that follow."""
