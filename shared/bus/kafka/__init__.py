"""The distributed bus: Apache Kafka, through aiokafka, which nothing outside this package knows.

publisher: batches out, acknowledged by every replica in sync; reader: one member of a consumer group, that commits
after the work; replay: a topic from its beginning, beside every group; topics: creating what shared.bus.topics
declares; progress: how far a group is behind. What aiokafka does and does not do against a real broker is in
docs/decisions/0007-kafka.md.
"""

from aiokafka.errors import KafkaError

from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.progress import behind
from shared.bus.kafka.reader import Patience
from shared.bus.kafka.topics import Created, TopicDiffers, create_topics

UNREACHABLE = (KafkaError, TimeoutError, OSError)  # what asking the cluster may raise

__all__ = ["UNREACHABLE", "Created", "KafkaBus", "Patience", "TopicDiffers", "behind", "create_topics"]
