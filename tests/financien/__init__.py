"""Tests of financien: the product against an independent calculation, to the cent."""
