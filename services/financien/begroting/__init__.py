"""The budget of a gemeente for a year, against what is expected and what was realised (F-7)."""
