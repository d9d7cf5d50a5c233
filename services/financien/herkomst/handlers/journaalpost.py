"""Why a post stands in the ledger (F-9)."""

from __future__ import annotations

from services.financien.grootboek.lezen import toon
from services.financien.herkomst.rules import POST, Bron, Deel, Herkomst, Regel, pad, pad_van_oorzaak
from shared.database.port import Reader
from shared.kernel.bedrag import som
from shared.outbox.edge import Context


async def verklaar_post(reader: Reader, context: Context, identity: str) -> Herkomst:
    """A post. Refuses `JournaalpostOnbekend`."""
    geboekt = await toon(reader, context, identity)
    post = geboekt.post
    totaal = som(boeking.bedrag for boeking in post.boekingen)
    bronnen = [Bron(post.oorzaak.soort, post.oorzaak.id, "Oorzaak van de post", pad_van_oorzaak(post.oorzaak))]
    if post.herroept is not None:
        bronnen.append(Bron(POST, post.herroept, "Herroept deze post", pad(POST, post.herroept)))
    wie = {(boeking.aanbieder, boeking.subsegment) for boeking in post.boekingen}
    aanbieders, subsegmenten = {a for a, _ in wie}, {s for _, s in wie}
    return Herkomst(
        POST,
        identity,
        f"{post.omschrijving}, geboekt op {post.boekdatum} door {geboekt.persoon}",
        post.gemeente,
        aanbieders.pop() if len(aanbieders) == 1 else None,
        subsegmenten.pop() if len(subsegmenten) == 1 else None,
        totaal,
        Regel("F-9", "een boeking verplaatst een bedrag van credit naar debet", f"{totaal.als_euro()} verplaatst"),
        tuple(Deel(f"{boeking.credit} → {boeking.debet}", boeking.bedrag) for boeking in post.boekingen),
        bronnen=tuple(bronnen),
    )
