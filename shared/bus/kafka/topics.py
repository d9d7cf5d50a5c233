"""Creates the topics that are declared, and says where an existing one differs."""

# mypy: allow-untyped-calls
# aiokafka annotates only a part of its functions.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import NoError, TopicAlreadyExistsError, for_code

from shared.bus.kafka.administration import administration
from shared.bus.topics import TOPICS, Topic

BROKERS_CHOICE = -1


class TopicsAnswer(Protocol):
    """What aiokafka gives back: per topic its name, an error code and a text."""

    topic_errors: Sequence[tuple[str, int, str | None]]


class ConfigAnswer(Protocol):
    """Per topic: error code, text, kind, name, and its settings as name, value and what we don't use."""

    resources: Sequence[tuple[int, str, int, str, Sequence[tuple[str, str, bool, int, bool, object]]]]


class TopicDiffers(Exception):
    """An existing topic is not as declared; the text says how, and is for the person who runs the installation."""


@dataclass(frozen=True, slots=True)
class Created:
    """What was done: names of topics."""

    made: tuple[str, ...]
    there: tuple[str, ...]


async def create_topics(
    bootstrap: str, topics: Sequence[Topic] = TOPICS, *, copies: int = BROKERS_CHOICE, patience: float = 30.0
) -> Created:
    """Create what is not there. `copies`: on how many brokers a record is kept; from three on one of them may be away
    without publishing coming to a halt. Raises TopicDiffers when an existing topic is not as declared: it is left as
    it is, for the number of partitions decides the order per key."""
    async with administration(bootstrap, patience) as admin:
        answer = cast(TopicsAnswer, await admin.create_topics([wanted(topic, copies) for topic in topics]))
        made: list[str] = []
        there: list[str] = []
        for name, code, _ in answer.topic_errors:
            kind = for_code(code)
            if kind not in (NoError, TopicAlreadyExistsError):
                raise kind(name)
            (made if kind is NoError else there).append(name)
        differences = await differing(admin, [topic for topic in topics if topic.name in there])
    if differences:
        raise TopicDiffers(" ".join(differences))
    return Created(tuple(made), tuple(there))


def wanted(topic: Topic, copies: int) -> NewTopic:
    """What to ask of the broker."""
    config = dict(topic.config)
    if copies >= 3:
        # Otherwise "acknowledged by all in sync" may mean by one.
        config["min.insync.replicas"] = str(copies - 1)
    # An empty assignment: only then does aiokafka let the broker choose the number of copies.
    assignment: dict[int, list[int]] | None = {} if copies == BROKERS_CHOICE else None
    return NewTopic(topic.name, topic.partitions, copies, assignment, config)


async def differing(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> list[str]:
    """One sentence for each difference between what is declared and what is there."""
    if not topics:
        return []
    found: list[str] = []
    partitions = {there["topic"]: len(there["partitions"]) for there in await admin.describe_topics(names(topics))}
    config = await configured(admin, topics)
    for topic in topics:
        if partitions[topic.name] != topic.partitions:
            found.append(
                f"Topic {topic.name} heeft {partitions[topic.name]} partities en hoort er {topic.partitions} te "
                "hebben. Dat aantal kan niet meer veranderen zonder de volgorde te verliezen: maak het topic opnieuw "
                "en bied de verzonden gebeurtenissen opnieuw aan."
            )
        for name, value in topic.config.items():
            actual = config[topic.name].get(name)
            if actual != value:
                found.append(f"Topic {topic.name} heeft {name}={actual}; dat hoort {value} te zijn.")
    return found


def names(topics: Sequence[Topic]) -> list[str]:
    return [topic.name for topic in topics]


async def configured(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> dict[str, dict[str, str]]:
    """Topic → setting → value, of the settings that are declared."""
    asked = [ConfigResource(ConfigResourceType.TOPIC, topic.name, dict.fromkeys(topic.config)) for topic in topics]
    return {
        name: {setting: value for setting, value, *_ in settings}
        for answer in cast(Sequence[ConfigAnswer], await admin.describe_configs(asked))
        for _, _, _, name, settings in answer.resources
    }
