"""Python's search for reference cycles, put off while a big list is worked on."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Inside, objects are not searched for cycles: those of a list are many, live on and have none, and looking through
    them again and again takes a sixth of the time. Also a decorator."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
