"""Tests of the house itself: who imports whom, what is pure, and the two commands that start everything."""
