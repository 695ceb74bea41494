"""Values of JSON that comes from a process which has handled foreign bytes: nothing of it is believed.

Each function gives the value as the type that is due, or raises ``TypeError``.
"""

from typing import Any


def record(stored: object) -> dict[str, Any]:
    """Give an object."""
    if type(stored) is not dict:
        raise TypeError("a record is due")
    return stored


def items(stored: object) -> list[Any]:
    """Give an array."""
    if type(stored) is not list:
        raise TypeError("a list is due")
    return stored


def text(stored: object) -> str:
    """Give a string."""
    if type(stored) is not str:
        raise TypeError("a text is due")
    return stored


def texts(stored: object) -> tuple[str, ...]:
    """Give an array of strings."""
    return tuple(map(text, items(stored)))


def number(stored: object) -> int:
    """Give a whole number; no boolean is one."""
    if type(stored) is not int:
        raise TypeError("a number is due")
    return stored


def numbers(stored: object) -> list[int]:
    """Give an array of whole numbers."""
    found = items(stored)
    if not {*map(type, found)} <= {int}:
        raise TypeError("numbers are due")
    return found
