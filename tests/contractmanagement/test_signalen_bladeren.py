"""Page by page the list of signals gives every one, once."""

from tests.contractmanagement.omgeving import Omgeving, levering, regel


async def test_a_list_of_signals_is_turned_page_by_page(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="1"), regel("0197", plekken="1"), regel("1586", plekken="1"))
    await omgeving.lever(
        *(levering(gemeente, ("2026-10-01", None), gemeente=gemeente) for gemeente in ("0294", "0197", "1586"))
    )
    alle = [rij["id"] for rij in await omgeving.lees("/signalen")]
    assert len(alle) >= 3

    gebladerd: list[str] = []
    pad: str | None = "/signalen?aantal=1"
    while pad:
        antwoord = await omgeving.manager.get(pad.removeprefix("/contractmanagement/v1"))
        assert antwoord.status_code == 200, antwoord.text
        gebladerd += [rij["id"] for rij in antwoord.json()["resultaten"]]
        pad = antwoord.json()["volgende"]

    assert gebladerd == alle
