"""What the fixture answers with where the suite wants a picture, a sound or a resource: the smallest that are valid."""

import struct
import zlib
from base64 import b64encode

from mcp_types import AudioContent, EmbeddedResource, ImageContent, TextResourceContents


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png() -> bytes:
    """One red pixel."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00\xff\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def wav() -> bytes:
    """One silent sample, 8 kHz, mono, 8 bit."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    data = struct.pack("<4sIBx", b"data", 1, 0x80)
    return struct.pack("<4sI4s", b"RIFF", 4 + len(form) + len(data), b"WAVE") + form + data


def image() -> ImageContent:
    """The picture as content."""
    return ImageContent(type="image", data=b64encode(png()).decode(), mime_type="image/png")


def audio() -> AudioContent:
    """The sound as content."""
    return AudioContent(type="audio", data=b64encode(wav()).decode(), mime_type="audio/wav")


def embedded(uri: str, text: str, mime_type: str = "text/plain") -> EmbeddedResource:
    """A resource inside an answer."""
    return EmbeddedResource(type="resource", resource=TextResourceContents(uri=uri, mime_type=mime_type, text=text))
