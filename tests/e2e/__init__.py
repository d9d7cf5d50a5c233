"""End to end: the whole product, spoken to over its public HTTP API only, as gemeenten and aanbieders do.

The suite does not know how the product runs: `opstelling` starts and reaches it, `regio` speaks its API.
"""
