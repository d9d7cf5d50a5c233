"""A pause of Python's cyclic garbage collector while one long message is read.

The collector counts containers, and looks through all of them time and again while their number grows: with 12,000
lines that takes as long as reading them, and finds nothing, for a message holds no circles. What is dropped is freed
at once all the same, by its count of references.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def opruimpauze() -> Iterator[None]:
    """No collecting inside.

    The switch is one for the whole process. Only who finds it on turns it off, and always turns it on again, so
    however threads cross, it ends on; the first that is done ends the pause of the others, which only costs them
    time. Who keeps the collector off finds it off. Nothing inside may wait for anything else (no `await`, no I/O):
    circles of other threads stay for as long as this takes.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
