"""Two decisions on one offer, both taken before either is written: the second is stale, so it is taken again."""

from typing import Any

import pytest

from services.contractmanagement.overeenkomst.handlers import sluit_overeenkomst
from services.contractmanagement.overeenkomst.schema import OvereenkomstIn
from services.contractmanagement.signaal.handlers import na_leveringen, na_overeenkomst
from shared.contracts.backoffice import LeveringGewijzigd
from shared.contracts.contractmanagement import OvereenkomstVastgesteld
from shared.contracts.envelope import unpack
from shared.database.changeset import Changeset
from shared.database.port import AlreadyExists, StaleVersion
from shared.outbox.inbox import Heard
from tests.contractmanagement.omgeving import Omgeving, levering, overeenkomst, regel, regionaal


async def sluiten(omgeving: Omgeving, *regels: dict[str, Any]) -> Changeset:
    contract = OvereenkomstIn.model_validate(overeenkomst(*regels)).als_overeenkomst()
    async with omgeving.database.reading() as reader:
        return (await sluit_overeenkomst(reader, omgeving.service.edge.context(), contract)).changes


async def leveren(omgeving: Omgeving, event: LeveringGewijzigd) -> Changeset:
    async with omgeving.database.reading() as reader:
        envelope = unpack(omgeving.pak(event).value)
        return await na_leveringen(reader, omgeving.service.edge.context(), [Heard(event, envelope)])


async def bots(omgeving: Omgeving, een: Changeset, ander: Changeset) -> None:
    await omgeving.database.commit(een)
    with pytest.raises((StaleVersion, AlreadyExists)) as geweigerd:
        await omgeving.database.commit(ander)
    assert geweigerd.value.table == "aanbod"  # type: ignore[union-attr]  # both have it


@pytest.mark.parametrize("bekend", [False, True])
async def test_two_contracts_on_one_offer(omgeving: Omgeving, bekend: bool) -> None:
    if bekend:
        await omgeving.sluit(regel("1586"))
    een, ander = await sluiten(omgeving, regel()), await sluiten(omgeving, regionaal(g0294="1"))
    await bots(omgeving, een, ander)


@pytest.mark.parametrize("bekend", [False, True])
async def test_two_leveringen_in_gemeenten_of_one_line(omgeving: Omgeving, bekend: bool) -> None:
    if bekend:
        await omgeving.sluit(regionaal(g0294="0.5", g0197="0.5"))
    een = await leveren(omgeving, levering("L1", ("2026-03-03", None)))
    ander = await leveren(omgeving, levering("L2", ("2026-03-03", None), gemeente="0197"))
    await bots(omgeving, een, ander)


async def test_a_contract_and_its_first_levering(omgeving: Omgeving) -> None:
    contract = await sluiten(omgeving, regel())
    await bots(omgeving, contract, await leveren(omgeving, levering("L1", ("2026-03-03", None))))


async def test_what_follows_from_a_contract_and_a_levering(omgeving: Omgeving) -> None:
    await omgeving.sluit()
    (told,) = [e for e in omgeving.gepubliceerd if e.type == OvereenkomstVastgesteld.TYPE]
    async with omgeving.database.reading() as reader:
        event = OvereenkomstVastgesteld.read(told.data)
        gevolg = await na_overeenkomst(reader, omgeving.service.edge.context(), event, told)
    # a temporary stop, whose kept days the contract decides
    await bots(omgeving, gevolg, await leveren(omgeving, levering("L1", ("2027-03-03", "2027-03-09", True))))
