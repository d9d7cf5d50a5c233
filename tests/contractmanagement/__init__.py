"""Tests of contractmanagement: signals and utilisation against a walk over the days."""
