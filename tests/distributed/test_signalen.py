"""The work on signals and thresholds on PostgreSQL: the very same claims as on SQLite, but for what is refused before
the database is asked."""

from __future__ import annotations

import pytest

from tests.contractmanagement import test_drempels, test_signaalwerk
from tests.distributed.test_herbouw import claims, omgeving

__all__ = ["omgeving"]

pytestmark = pytest.mark.distributed

ALLE = {**claims(test_signaalwerk, "signaalwerk"), **claims(test_drempels, "drempels")}
globals().update({naam: claim for naam, claim in ALLE.items() if "refused" not in naam})
