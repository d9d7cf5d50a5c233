"""Identifiers come in as an argument, so that rules stay pure."""

from collections.abc import Callable

NewId = Callable[[], str]
