"""The iJw/iWmo 3.2 message library: read, judge, write and answer messages.

Pure: no files, no database, no clock, no framework; bytes and values in, values and bytes out. The descriptions
(`wet`, `typen`, `waardesoorten`, `bouwstenen`, `beschrijving`, `declaratie`, `berichtsoorten`) are plain data; `lezen`
(`snel` for plain text, `grondig` for all else) and `schrijven` are driven by them; `regels` holds what one message can
be judged on by itself (level 2). Most callers need only `controle.beoordeel`, `retour.maak_retour`,
`declaratieantwoord`, `toewijzing.maak_toewijzingsbericht`, `start_stop` and `schrijven.schrijf`. The contents of a
message are dictionaries with the standard's own names; `vormen` gives them their types.
"""
