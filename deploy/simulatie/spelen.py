"""Plays the region through its calendar, a few days at a time: decide, read the post, answer it, report care."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import date, timedelta

import httpx

from deploy.simulatie.berichten import Toegewezen, antwoord_op, codes_in, lees_toewijzingen, maak
from deploy.simulatie.inrichten import richt_in
from deploy.simulatie.personen import als_json, client_van
from deploy.simulatie.samen import samen
from deploy.simulatie.verbinding import Geweigerd, Json, Verbinding
from deploy.simulatie.voortgang import Voortgang
from deploy.simulatie.wereld import FOUT, Traject, Variant, Wereld, Zending
from shared.kernel.rol import Rol

TO, BO = "/toegang/v1", "/backoffice/v1"
AFSPRAAK = {"jeugdwet": "Het gaat thuis en op school weer goed.", "wmo": "Blijft zelfstandig wonen."}
XML = {"Content-Type": "application/xml"}
AS_XML = {"Accept": "application/xml"}
PATIENCE = 120.0
LOOKS = 5  # at the unanswered 301s, before all are looked through
LONGEST_PAUSE = 5.0  # seconds between two looks
LETTERBOXES = 6  # looked into at the same time
OORDEEL = {202: "wacht", 204: "verwerkt", 400: "schemafout", 403: "geweigerd"}
UNANSWERED = 40  # one in so many 301s never gets a 302


class Spel:
    """Consulenten and providers; `gedaan` hears how many steps of `stappen` were made."""

    def __init__(
        self, wereld: Wereld, verbinding: Verbinding, voortgang: Voortgang, gedaan: Callable[[int], None]
    ) -> None:
        self._wereld = wereld
        self._verbinding = verbinding
        self._voortgang = voortgang
        self._gedaan = gedaan
        self._metingen = verbinding.metingen
        self._gelezen: set[str] = set()
        self._kijkt = asyncio.Semaphore(LETTERBOXES)
        self._opnieuw = False  # these days were played before: their 301s may have been answered
        self._op_gegevens = {
            (t.aanbieder, t.gemeente, client_van(t.persoon).bsn, t.subsegment, t.ingangsdatum): t
            for t in wereld.trajecten
        }
        assert len(self._op_gegevens) == len(wereld.trajecten)

    @property
    def stappen(self) -> int:
        """How much there is to do in all."""
        return sum(1 + len(traject.post) for traject in self._wereld.trajecten)

    async def speel(self, dagen: int) -> None:
        """From where it was through the last day, `dagen` at a time. Raises KanNiet, Geweigerd."""
        wereld, voortgang = self._wereld, self._voortgang
        vandaag = await richt_in(self._verbinding, wereld)
        voortgang.vastgelegd_op = voortgang.vastgelegd_op or vandaag
        dag = wereld.begin
        if voortgang.gespeeld_tot is not None:
            dag = voortgang.gespeeld_tot + timedelta(days=1)
            self._gedaan(sum((t.besluit < dag) + sum(z.dag < dag for z in t.post) for t in wereld.trajecten))
        while dag <= wereld.tot:
            eind = min(dag + timedelta(days=dagen - 1), wereld.tot)
            await self._dagen(dag, eind)
            voortgang.gespeeld_tot = eind
            voortgang.bewaar(voortgang)
            dag = eind + timedelta(days=1)
        await samen(self._postbus(overeenkomst.aanbieder, set(), wereld.tot) for overeenkomst in wereld.overeenkomsten)

    async def _dagen(self, van: date, tot: date) -> None:
        trajecten = self._wereld.trajecten
        self._opnieuw = False
        besloten = [traject for traject in trajecten if van <= traject.besluit <= tot]
        await samen(self._besluit(traject) for traject in besloten)
        verwacht: dict[str, set[int]] = {traject.aanbieder: set() for traject in besloten}
        for traject in besloten:
            verwacht[traject.aanbieder].add(traject.nummer)
        await samen(self._postbus(aanbieder, nummers, tot) for aanbieder, nummers in verwacht.items())
        await samen(self._post(t, van, tot) for t in trajecten if any(van <= z.dag <= tot for z in t.post))
        await samen(self._wijzig(t, van, tot) for t in trajecten if t.wijzigingen)

    # --- consulenten ---

    async def _besluit(self, traject: Traject) -> None:
        einde = traject.einddatum
        half = traject.ingangsdatum if einde is None else traject.ingangsdatum + (einde - traject.ingangsdatum) / 2
        body = {
            "client": als_json(traject.persoon, self._wereld.gemeenten[traject.gemeente]),
            "wet": traject.wet,
            "gemeente": traject.gemeente,
            "subsegment": traject.subsegment,
            "aanbieder": traject.aanbieder,
            "ingangsdatum": traject.ingangsdatum.isoformat(),
            "einddatum": None if einde is None else einde.isoformat(),
            "resultaatafspraken": [AFSPRAAK[traject.wet]],
            "evaluatiemomenten": [half.isoformat()],
        }
        key = {"Idempotency-Key": f"{self._wereld.merk}-indicatie-{traject.nummer}"}
        wie = (Rol.CONSULENT, traject.gemeente)
        made = await self._verbinding.roep("indicatie", "POST", f"{TO}/indicaties", *wie, json=body, headers=key)
        self._voortgang.indicaties[traject.nummer] = made.json()["id"]
        self._opnieuw = self._opnieuw or "idempotency-replayed" in made.headers
        self._gedaan(1)

    async def _wijzig(self, traject: Traject, van: date, tot: date) -> None:
        for nummer, wijziging in enumerate(traject.wijzigingen):
            if not van <= wijziging.dag <= tot:
                continue
            einde = wijziging.einddatum
            body = {"ingetrokken": True} if einde is None else {"einddatum": einde.isoformat()}
            key = {"Idempotency-Key": f"{self._wereld.merk}-wijziging-{traject.nummer}-{nummer}"}
            pad = f"{TO}/indicaties/{self._voortgang.indicaties[traject.nummer]}/wijzigingen"
            wie = (Rol.CONSULENT, traject.gemeente)
            await self._verbinding.roep("wijziging", "POST", pad, *wie, json=body, headers=key)

    # --- the provider's letterbox ---

    async def _postbus(self, aanbieder: str, verwacht: set[int], dag: date) -> None:
        """Read and answer the 301s, until those of the decisions in `verwacht` are there."""
        until, looks = time.monotonic() + PATIENCE, 0
        while True:
            filters = {} if self._opnieuw or looks >= LOOKS else {"status": "verzonden"}
            rijen = await self._toewijzingsberichten(aanbieder, filters)
            nieuw = [rij for rij in rijen if rij["id"] not in self._gelezen]
            await samen(self._open(aanbieder, rij, dag) for rij in nieuw)
            missing = verwacht - self._voortgang.nummers.keys()
            if not missing:
                return
            if time.monotonic() > until:
                raise Geweigerd(
                    f"Aanbieder {aanbieder} kreeg na {PATIENCE:.0f} seconden nog geen 301 over {len(missing)} "
                    f"besluiten, waaronder {self._merk(min(missing))}."
                )
            # A letterbox is not a busy line: who looks all the time keeps the installation from what it waits for.
            await asyncio.sleep(min(0.1 * 2**looks, LONGEST_PAUSE))
            looks += 1

    async def _toewijzingsberichten(self, aanbieder: str, filters: dict[str, str]) -> list[Json]:
        wat: dict[str, str | int] = {"richting": "uit", "berichtcode": "301", "aantal": 1000, **filters}
        async with self._kijkt:
            return await self._verbinding.lijst("postbus lezen", f"{BO}/berichten", Rol.AANBIEDER, aanbieder, **wat)

    def _merk(self, nummer: int) -> str:
        return f"indicatie {self._voortgang.indicaties[nummer]}"

    async def _open(self, aanbieder: str, rij: Json, dag: date) -> None:
        bericht, beantwoord = rij["id"], rij["status"] != "verzonden"
        wie = (Rol.AANBIEDER, aanbieder)
        answer = await self._verbinding.roep("301 lezen", "GET", f"{BO}/berichten/{bericht}", *wie, headers=AS_XML)
        producten = lees_toewijzingen(answer.content)
        eigen = [traject for product in producten if (traject := self._traject(aanbieder, product))]
        if eigen and not beantwoord and all(traject.nummer % UNANSWERED for traject in eigen):
            inhoud = antwoord_op(answer.content, dag)
            await self._lever("302", inhoud, aanbieder, frozenset({"verwerkt"}))
        self._gelezen.add(bericht)

    def _traject(self, aanbieder: str, product: Toegewezen) -> Traject | None:
        """The decision that this assignment follows from; none of ours: somebody else's."""
        key = (aanbieder, product.gemeente, product.bsn, product.subsegment, product.ingangsdatum)
        traject = self._op_gegevens.get(key)
        if traject is not None:
            self._voortgang.nummers[traject.nummer] = product.nummer
        return traject

    # --- what the provider reports ---

    async def _post(self, traject: Traject, van: date, tot: date) -> None:
        """The messages of these days, each after the one before was answered."""
        wacht: list[tuple[str, str]] = []
        opnieuw: list[tuple[int, Zending]] = []
        for volgnummer, zending in enumerate(traject.post):
            if not van <= zending.dag <= tot:
                continue
            oordeel, plaats = await self._zend(traject, volgnummer, zending)
            if zending.variant is Variant.VOOR_ZIJN_BEURT and oordeel != "goedgekeurd":
                if oordeel == "wacht":
                    wacht.append((self._wereld.identificatie(traject, volgnummer), plaats))
                else:
                    opnieuw.append((volgnummer, zending))
                continue
            for identificatie, eerder in wacht:
                await self._na_wachten(traject, identificatie, eerder)
            for nummer, eerdere in opnieuw:
                # Where nothing may wait (WACHTTIJD_WERKDAGEN=0) the provider sends it again.
                await self._zend(traject, nummer, eerdere, poging=1)
            wacht, opnieuw = [], []

    async def _zend(self, traject: Traject, volgnummer: int, zending: Zending, poging: int = 0) -> tuple[str, str]:
        """Deliver one message; its verdict, and where it is kept."""
        eerste = volgnummer - 1 if zending.variant is Variant.HERHALING else volgnummer
        identificatie = self._wereld.identificatie(traject, eerste, poging)
        nummer = self._voortgang.nummers[traject.nummer]
        inhoud = maak(self._wereld, traject, zending, nummer, identificatie)
        verwacht = _verwacht(zending.variant) if poging == 0 else frozenset({"goedgekeurd"})
        oordeel, answer = await self._lever(zending.soort, inhoud, traject.aanbieder, verwacht)
        if oordeel != "schemafout":
            self._voortgang.berichten[identificatie] = (traject.aanbieder, zending.soort, oordeel)
        self._gedaan(0 if poging else 1)
        return oordeel, answer.headers.get("location", "")

    async def _lever(
        self, soort: str, inhoud: bytes, aanbieder: str, verwacht: frozenset[str]
    ) -> tuple[str, httpx.Response]:
        answer = await self._verbinding.roep(
            soort, "POST", f"{BO}/berichten", Rol.AANBIEDER, aanbieder, goed=None, content=inhoud, headers=XML
        )
        codes = codes_in(answer.content) if answer.status_code == 200 else []
        oordeel = OORDEEL.get(answer.status_code) or ("afgekeurd" if codes else "goedgekeurd")
        if answer.status_code not in (200, *OORDEEL):
            raise Geweigerd(f"POST {BO}/berichten ({soort}): {answer.status_code} {answer.text[:500]}")
        self._metingen.bericht(soort, oordeel, codes)
        if oordeel not in verwacht:
            wat = ", ".join(codes) or answer.text[:200]
            self._metingen.onverwacht.append(f"{soort} van {aanbieder}: {oordeel} ({wat}), verwacht {sorted(verwacht)}")
        return oordeel, answer

    async def _na_wachten(self, traject: Traject, identificatie: str, plaats: str) -> None:
        """What it waited for has come: now it must have its retour."""
        wie = (Rol.AANBIEDER, traject.aanbieder)
        answer = await self._verbinding.roep(
            "retour ophalen", "GET", f"{plaats}/retour", *wie, goed=None, headers=AS_XML
        )
        codes = codes_in(answer.content) if answer.status_code == 200 else [str(answer.status_code)]
        oordeel = "afgekeurd" if codes else "goedgekeurd"
        aanbieder, soort, _ = self._voortgang.berichten[identificatie]
        self._voortgang.berichten[identificatie] = (aanbieder, soort, oordeel)
        self._metingen.bericht(f"{soort} na wachten", oordeel, codes)
        if codes:
            self._metingen.onverwacht.append(f"{soort} van {aanbieder} na wachten: {', '.join(codes)}")


def _verwacht(variant: Variant) -> frozenset[str]:
    """What a message with this in it may be judged as. What came before its turn may have been cured meanwhile."""
    if variant is Variant.SCHEMAFOUT:
        return frozenset({"schemafout"})
    if variant in FOUT:
        return frozenset({"afgekeurd"})
    if variant is Variant.VOOR_ZIJN_BEURT:
        return frozenset({"wacht", "goedgekeurd", "afgekeurd"})
    return frozenset({"goedgekeurd"})
