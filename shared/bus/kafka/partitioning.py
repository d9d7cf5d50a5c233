"""Which partition a key is in: Kafka's own choice (murmur2, as the Java client), so that any other client agrees.

Worked out by ourselves because the library goes over a key byte by byte and lists all partitions anew for each record,
which is half of the time that sending it takes.
"""

from __future__ import annotations

from functools import lru_cache
from struct import Struct

SEED, FACTOR, WORD = 0x9747B28C, 0x5BD1E995, 0xFFFFFFFF
POSITIVE = 0x7FFFFFFF
REMEMBERED = 20_000  # keys: what changes today changes again


def partition_of(key: bytes, partitions: int) -> int:
    """Of so many partitions, counted from 0."""
    return (murmur2(key) & POSITIVE) % partitions


@lru_cache(maxsize=REMEMBERED)
def murmur2(key: bytes) -> int:
    """The 32-bit hash of the bytes: four at a time, the last few by themselves, and a final stir."""
    words, over = divmod(len(key), 4)
    found = SEED ^ len(key)
    for word in stirred(key, words):
        found = found * FACTOR & WORD ^ word
    if over:
        found = (found ^ int.from_bytes(key[-over:], "little")) * FACTOR & WORD
    found = (found ^ found >> 13) * FACTOR & WORD
    return found ^ found >> 15


def stirred(key: bytes, words: int) -> tuple[int, ...]:
    """The first words of a key, each multiplied, folded and multiplied. All at once: they are 64 bits apart in one
    large number, so that a product of one never reaches the next."""
    narrow, wide, mask = layout(words)
    number = int.from_bytes(wide.pack(*narrow.unpack_from(key)), "little") * FACTOR & mask
    number = (number ^ (number >> 24 & mask)) * FACTOR & mask
    return wide.unpack(number.to_bytes(wide.size, "little"))


@lru_cache(maxsize=64)
def layout(words: int) -> tuple[Struct, Struct, int]:
    """So many words as they are, each with room for its product, and what covers all words of the latter."""
    wide = Struct(f"<{words}Q")
    return Struct(f"<{words}I"), wide, int.from_bytes(wide.pack(*[WORD] * words), "little")
