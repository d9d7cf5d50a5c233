"""Backoffice: the messages and the administration they make. Owns toewijzingen, leveringen and every message text.

Publishes `toewijzing.gewijzigd` and `levering.gewijzigd`. Listens to `indicatie.vastgesteld` and
`subsegment.vastgesteld`, and for the names on its pages to `overeenkomst.vastgesteld` and `gemeente.vastgesteld`; asks
toegang over HTTP for the client data that a 301 needs.

Nouns: `ontvangst` (messages in) → `levering` → `toewijzing` → `subsegment`; `verzending` (301 out) → `toewijzing`;
`ontvangst`, `levering`, `verzending` → `bericht` (the archive of every text) → `partij` (names). `istandaarden` is a
library on its own.
"""
