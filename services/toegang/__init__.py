"""Toegang: who needs what. Owns clients and indicaties.

Publishes `indicatie.vastgesteld`. Listens to `subsegment.vastgesteld`, `overeenkomst.vastgesteld` and
`signaal.gewijzigd`, only to warn: an indicatie is never refused because places are full (B-5a) or because a fact has
not arrived yet.

Nouns: `indicatie` → `client`; `indicatie` → `aanbod` (what is contracted and how full it is, as far as known here).
"""
