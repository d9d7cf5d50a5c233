"""The envelope, judged by the official library and the NL GOV profile."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import jsonschema
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from shared.contracts.backoffice import LeveringGewijzigd, Leveringsperiode
from shared.contracts.catalog import schemas
from shared.contracts.envelope import MOST_BYTES, pack, unpack
from shared.contracts.toegang import IndicatieVastgesteld
from tests.shared.things import ThingChanged
from tests.voorbeelden import voorbeelden

SOURCE = "urn:nld:oin:00000001234567890000:systeem:plekregie-backoffice"
IDENTITY = "01a20047-603c-7709-aab3-9e67d29dfd55"
MOMENT = datetime(2026, 7, 1, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
LEVERING = LeveringGewijzigd(
    levering="lev-1",
    versie=3,
    toewijzing_nummer="17",
    client="01a2",
    wet="jeugdwet",
    gemeente="0294",
    aanbieder="42420001",
    subsegment="54Z01",
    ingangsdatum=date(2026, 1, 1),
    einddatum_toewijzing=None,
    perioden=[Leveringsperiode(begindatum=date(2026, 1, 5))],
)


def packed(cause: str | None = "oorzaak-1") -> bytes:
    return pack(LEVERING, id=IDENTITY, source=SOURCE, time=MOMENT, cause=cause)


def test_the_official_library_reads_it() -> None:
    headers = {"content-type": "application/cloudevents+json"}
    event = from_structured_event(HTTPMessage(headers=headers, body=packed()))
    assert event.get_specversion() == "1.0"
    assert (event.get_id(), event.get_source(), event.get_subject()) == (IDENTITY, SOURCE, "lev-1")
    assert event.get_type() == LeveringGewijzigd.TYPE
    assert event.get_datacontenttype() == "application/json"
    assert event.get_time() == datetime(2026, 6, 30, 23, 30, 0, 123000, tzinfo=UTC)
    assert event.get_extension("causationid") == "oorzaak-1"
    assert event.get_data() == LEVERING.as_values()


def test_its_attributes_are_those_of_the_profile_and_no_others() -> None:
    raw = json.loads(packed())
    assert set(raw) == {
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "datacontenttype",
        "data",
        "causationid",
    }
    assert all(re.fullmatch(r"[a-z0-9]{1,20}", name) for name in raw)
    assert re.fullmatch(r"urn:nld:oin:[0-9]{20}:systeem:[a-z-]+", raw["source"])
    assert re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z", raw["time"])


def test_without_a_cause_there_is_no_cause_attribute() -> None:
    assert "causationid" not in json.loads(packed(cause=None))


def test_its_data_fits_the_published_schema() -> None:
    jsonschema.validate(json.loads(packed())["data"], schemas()[LeveringGewijzigd.TYPE])


def test_what_was_packed_is_what_is_unpacked() -> None:
    envelope = unpack(packed())
    assert LeveringGewijzigd.read(envelope.data) == LEVERING
    assert (envelope.id, envelope.type, envelope.subject) == (IDENTITY, LEVERING.TYPE, "lev-1")
    assert (envelope.source, envelope.cause) == (SOURCE, "oorzaak-1")
    assert abs(envelope.time - MOMENT) < timedelta(milliseconds=1)


def test_packing_the_same_twice_gives_the_same_bytes() -> None:
    assert packed() == packed()


@pytest.mark.parametrize(("over", "fits"), [(0, True), (1, False)])
def test_an_event_holds_at_most_64_kilobytes(over: int, fits: bool) -> None:
    def make(length: int) -> bytes:
        return pack(ThingChanged(ding="d", versie=1, naam="é" * length), id="i", source="s", time=MOMENT, cause=None)

    length = (MOST_BYTES - len(make(0))) // 2 + over
    if fits:
        assert MOST_BYTES - 2 < len(make(length)) <= MOST_BYTES
    else:
        with pytest.raises(ValueError, match="65536 of the NL GOV profile"):
            make(length)


@pytest.mark.parametrize("missing", ["id", "source", "type", "subject", "time", "data", "specversion"])
def test_an_envelope_that_lacks_something_is_none(missing: str) -> None:
    raw = json.loads(packed())
    del raw[missing]
    with pytest.raises(ValueError, match="envelope"):
        unpack(json.dumps(raw).encode())


@pytest.mark.parametrize("name", ["id", "source", "type", "subject"])
@pytest.mark.parametrize("value", [None, "", 7, {}])
def test_an_attribute_that_is_no_text_makes_it_no_envelope(name: str, value: object) -> None:
    with pytest.raises(ValueError, match="envelope"):
        unpack(json.dumps({**json.loads(packed()), name: value}).encode())


def test_what_nests_too_deep_to_be_read_is_refused_as_well() -> None:
    deep = b"[" * 100_000
    with pytest.raises(ValueError, match="envelope"):
        unpack(packed().replace(b'"data":', b'"data":' + deep))
    with pytest.raises(ValueError, match="LeveringGewijzigd"):
        LeveringGewijzigd.read(b'{"perioden":' + deep)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"versie": "3"}, r"Expected `int`, got `str` - at `\$.versie`"),
        ({"wet": "wlz"}, r"Invalid enum value 'wlz' - at `\$.wet`"),
        (
            {"perioden": [{"begindatum": "2026-02-30"}]},
            r"Invalid RFC3339 encoded date - at `\$.perioden\[0\].begindatum`",
        ),
        ({"perioden": [{}]}, r"missing required field `begindatum` - at `\$.perioden\[0\]`"),
        ({"client": None}, r"Expected `str`, got `null` - at `\$.client`"),
    ],
)
def test_data_that_is_not_what_its_contract_says_is_refused_by_field_and_rule(
    wrong: dict[str, object], reason: str
) -> None:
    values = {**LEVERING.as_values(), **wrong}
    with pytest.raises(ValueError, match=reason):
        LeveringGewijzigd.read(json.dumps(values).encode())
    with pytest.raises(ValueError, match=reason):
        LeveringGewijzigd.of_values(values)


def test_what_its_readers_would_refuse_is_not_packed() -> None:
    wrong: Any = None
    with pytest.raises(ValueError, match="Expected `str`, got `null`"):
        pack(replace(LEVERING, client=wrong), id="i", source="s", time=MOMENT, cause=None)


def test_what_was_added_later_is_ignored() -> None:
    later = json.dumps({**LEVERING.as_values(), "nieuw": {"is": 1}}).encode()
    assert LeveringGewijzigd.read(later) == LEVERING


@voorbeelden(60)
@given(st.binary(max_size=60))
def test_bytes_that_are_no_envelope_are_refused_with_a_value_error(noise: bytes) -> None:
    with pytest.raises(ValueError, match="envelope"):
        unpack(noise)


def test_an_indicatie_tells_who_only_by_pseudonym() -> None:
    fields = set(IndicatieVastgesteld.__struct_fields__)
    assert "client" in fields
    assert fields == {
        "indicatie",
        "versie",
        "client",
        "wet",
        "gemeente",
        "subsegment",
        "aanbieder",
        "ingangsdatum",
        "einddatum",
        "ingetrokken",
    }
