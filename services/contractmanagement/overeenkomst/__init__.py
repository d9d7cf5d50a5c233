"""Contracts: which places were awarded to whom, for which gemeente or the region, from when, at what price (C-1)."""
