"""Year-end: cost of a year that is not settled yet is posted in it, and goes back on 1 January (F-7, F-9)."""
