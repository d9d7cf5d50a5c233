"""The decision: which care, in which sub-segment, from whom, until when, with which results. No volume (S1)."""
