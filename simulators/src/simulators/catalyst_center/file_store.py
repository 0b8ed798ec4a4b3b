"""What a stored file is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it is downloaded."""

    content: bytes
    content_type: str = "application/json"
    name: str = ""
