"""Small real files."""

import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile


def png(name: str = "现场.png") -> SimpleUploadedFile:
    """A picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0\xff\xff\xff"))
    return SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n" + header + body + chunk(b"IEND", b""), "image/png")


def disguised_html(name: str = "照片.jpg") -> SimpleUploadedFile:
    """A page that calls itself a photo."""
    return SimpleUploadedFile(name, b"<html><script>alert(1)</script></html>", "image/jpeg")
