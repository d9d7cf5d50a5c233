"""What a provider reports about the real delivery of care: starts (305) and stops (307).

A *levering* is everything that was reported for one toewijzing (gemeente, wet, ToewijzingNummer, cliënt)
or, when there is no toewijzing (taakgericht), for one cliënt, product and aanbieder. What the administration
holds is a function of the set of deliveries that came in, never of their order (OP080): `feiten` names what
came in, `stand` counts what is present, `samenloop` finds what contradicts each other, `rules` judges and
gives the periods.
"""
