"""Tests of the backoffice service."""
