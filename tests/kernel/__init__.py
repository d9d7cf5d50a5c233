"""Tests of shared/kernel and the calendar of public holidays."""
