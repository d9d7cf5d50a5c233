"""Ports for servers that stop and come back."""

import itertools
import os
import socket
from random import Random

# Below what systems give to outgoing connections (Linux 32768, macOS 49152): while a server is down, nobody gets its
# port. Not even who keeps calling it: within that range such a call may reach itself and then holds the port.
EERSTE, LAATSTE = 15_000, 32_000
_poorten = itertools.chain.from_iterable(
    Random(f"{os.getpid()} {ronde}").sample(range(EERSTE, LAATSTE), LAATSTE - EERSTE) for ronde in itertools.count()
)


def vrije_poort() -> int:
    """A port that nobody listens on, not given before by this process."""
    for poort in _poorten:
        try:
            socket.create_server(("127.0.0.1", poort)).close()
        except OSError:
            continue
        return poort
    raise AssertionError
