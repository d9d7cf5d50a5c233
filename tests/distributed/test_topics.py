"""The declared topics against the contracts; no broker needed."""

from shared.bus.topics import TOPICS
from shared.contracts.catalog import EVENTS


def test_every_contract_has_exactly_one_declared_topic() -> None:
    names = [topic.name for topic in TOPICS]
    assert sorted(names) == sorted({event.TOPIC for event in EVENTS})


def test_a_topic_of_states_keeps_the_last_one_of_every_key() -> None:
    assert {topic.config["cleanup.policy"] for topic in TOPICS} == {"compact"}


def test_no_topic_asks_readers_for_a_codec_of_its_own() -> None:
    # aiokafka without its extra reads gzip only.
    assert {topic.config["compression.type"] for topic in TOPICS} == {"producer"}
