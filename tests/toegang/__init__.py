"""Toegang: what its rules say, without a server."""
