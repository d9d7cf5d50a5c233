"""Financien: from awarded and occupied places to lump sum, advances, forecast, adjustments and settlement.

Owns lijnen (overeenkomst × gemeente × sub-segment; a regional award gives one per gemeente of its verdeelsleutel),
their monthly terms, the occupancy counted for money, bijstellingen, afrekeningen, the ledger and payments. Publishes
`betaalschema.gewijzigd`, `betaalschema.gepubliceerd`, `prognose.gewijzigd`, `bijstelling.gewijzigd`,
`afrekening.gewijzigd` and `betaling.gewijzigd`. Listens to `overeenkomst.vastgesteld`, `levering.gewijzigd`,
`subsegment.vastgesteld` and `gemeente.vastgesteld`, in any order: what came is stored, and joined when the other
arrives.

Nouns: `overeenkomst` → `lumpsum`; `betaalschema` → `overeenkomst`, `lumpsum`, `subsegment`, `brief`; `bezetting` →
`overeenkomst`, `lumpsum`; `brief` → `gemeente`; `wederhoor`, `contractgegevens` know no other noun; `bijstelling` →
`betaalschema`, `bezetting`, `overeenkomst`, `lumpsum`, `brief`, `wederhoor`, `contractgegevens`, `subsegment`;
`prognose` → `bijstelling` and what that needs; `kwartaalmonitor` → `prognose` and what that needs; `grootboek` →
`brief`; `vrijgave` → `betaalschema`, `grootboek`, `overeenkomst`; `afrekening` → `betaalschema`, `bezetting`,
`grootboek`, `overeenkomst`, `lumpsum`, `brief`, `wederhoor`, `contractgegevens`, `subsegment`; `herkomst` →
`afrekening`, `bijstelling`, `vrijgave`, `bankverklaring`, `jaareinde` and what those need; `indexatie` →
`overeenkomst`, `subsegment`; `voorstel` → `bezetting`, `contractgegevens`, `indexatie`, `overeenkomst`; `boekjaar` →
`afrekening` and what that needs; `begroting`, `jaareinde`, `verantwoording` → `boekjaar` and what that needs
(`verantwoording` → `brief` too); `subsegment`, `gemeente`, `betaalgegevens` know no other noun; `betaling` →
`betaalgegevens`, `grootboek`, `subsegment`, `gemeente`; `bankverklaring` → `betaling`, `betaalgegevens`. Events enter
at `prognose`, where every consequence of a heard fact meets, and at `subsegment` and `gemeente`, which only keep names;
`namen` puts those together for pages and overviews, which any noun may show.
"""
