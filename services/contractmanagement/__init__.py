"""Contractmanagement: what is bought from whom, how full it is, and what deserves a conversation.

Owns sub-segments, the names of gemeenten, contracts (overeenkomsten) with their lines and dated versions, the occupancy
of every cell (aanbieder × gemeente × sub-segment), the signals on it and what people do about these. Publishes
`subsegment.vastgesteld`, `gemeente.vastgesteld`, `overeenkomst.vastgesteld` and `signaal.gewijzigd`. Listens to
`levering.gewijzigd` of backoffice, and to its own `overeenkomst.vastgesteld`: what follows from a contract for
occupancy and signals is worked out after it, once.

Nouns: `gemeente`; `overeenkomst` → `subsegment`; `bezetting` → `overeenkomst`; `benutting` → `bezetting`,
`overeenkomst`; `signaal` → `bezetting`, `overeenkomst`; `regio`, `contractregel` (pages only) → all of these. All that
happens to one aanbieder in one sub-segment goes through one version-checked row (`aanbod`): lines that overlap, or two
leveringen that overtake each other, can't both commit.
"""
