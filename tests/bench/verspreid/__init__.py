"""The distributed mode against its limits: PostgreSQL, Kafka, four services and their workers (docs/performance.md).

Every part sets the product beside the least that could do the same work, on the same servers, in turns: (a) `retour`
against `bare_route`; (b) `relaying` against a bare producer; (c) `taking_in` against a bare consumer; (d) `rebuilding`,
events per second; (e) `following` against one bare round trip. `servers` and `installation` start what runs, `apart`
runs a piece of work in a process of its own, `processor` tells what each process cost. All on loopback.
"""
