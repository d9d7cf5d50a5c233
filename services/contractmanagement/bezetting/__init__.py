"""Occupancy: what is delivered, as changes in occupied places per cell (aanbieder × gemeente × sub-segment) and day."""
