"""Offer: all that one aanbieder offers in one sub-segment, the unit in which lines may not overlap."""
