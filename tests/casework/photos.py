"""Pictures as customers, their telephones and people of ill will send them."""

import struct
import zlib
from io import BytesIO

from PIL import Image

MAKER = "Invented Cameras"
SECRET = b"<script>what nobody should keep</script>"


def a_picture(width: int = 320, height: int = 240, kind: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    """A picture whose left half is black and whose right half is white."""
    image = Image.new(mode, (width, height), "white" if mode != "I;16" else 65535)
    if mode in ("RGB", "L"):
        image.paste("black", (0, 0, width // 2, height))
    return encoded(image, kind, **options)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes beside a picture: who made it, which way is up, and where it was."""
    told = Image.Exif()
    told[0x0112] = orientation
    told[0x010F] = MAKER
    told.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0)})
    return told


def a_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few kilobytes that says it has 3.6 thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(10_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def read(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image
