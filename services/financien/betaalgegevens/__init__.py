"""Where money comes from and goes to: account numbers with their checks, and who pays for a gemeente (F-3, F-8)."""
