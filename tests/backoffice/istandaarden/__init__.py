"""Tests of the message library, with the official schemas and examples as the judge."""
