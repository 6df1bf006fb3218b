"""Two words to the memory allocator where it is glibc's; elsewhere nothing happens."""

from __future__ import annotations

import contextlib
import ctypes
import gc

M_ARENA_MAX = -8
"""From malloc.h."""


def share_arenas(most: int = 2) -> None:
    """Have threads share a few heaps: by default each gets one of its own, and keeps what it freed. Call it early."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, most)


def give_back() -> None:
    """Hand free memory back to the system: loading and compiling a model leaves megabytes of it."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
