"""Tests of the simulator by itself: what it makes up, what it writes, and what it holds to be true."""
