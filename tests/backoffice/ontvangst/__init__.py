"""Tests of reception that need no chain of other services."""
