"""Financien: from awarded and occupied places to lump sum, advances, adjustments and settlement."""
