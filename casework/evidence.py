"""Evidence pictures (ST-2): what is taken, and what becomes of it before it is kept.

A picture is known by its bytes, never by its name. Its size and its pixels are told from the header, before
anything is unpacked; what is kept is painted anew, so that nothing but the pixels survives: no place, no camera,
no thumbnail of what was cut away, and nothing hidden behind the picture's end.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from PIL import Image, ImageOps

MOST_BYTES = 10 * 1024 * 1024
"""Of a picture as it is sent."""

MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""By format. A JPEG is unpacked at a fraction of its size; the others take 4 bytes a pixel and more."""

MOST_SCANS = 64
"""Of a JPEG. A progressive one has about ten; every scan goes over all its pixels once more."""

LONGEST_SIDE = 2560
"""Pixels of a picture as it is kept: a scratch or a serial number is still plain to see."""

QUALITY = 85

_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


class Refusal(StrEnum):
    """Why a picture is not taken."""

    NOT_A_PICTURE = "not_a_picture"
    HEIC = "heic"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    BROKEN = "broken"


_SENTENCES = {
    Refusal.NOT_A_PICTURE: "send a photo as JPEG, PNG or WebP",
    Refusal.HEIC: (
        "this is a HEIC photo, which not everybody can open: on an iPhone choose Settings, Camera, Formats, Most "
        "Compatible and take it again, or send a screenshot of it; elsewhere save it as JPEG"
    ),
    Refusal.TOO_LARGE: f"send a photo of at most {MOST_BYTES // 1024**2} MB",
    Refusal.TOO_MANY_PIXELS: "the photo has too many pixels: send it in a smaller size, or a screenshot of it",
    Refusal.BROKEN: "the photo is damaged or was cut short on its way: send it again, or take another one",
}


class PictureRefusedError(Exception):
    """The picture is not taken; the text says what to do instead."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(_SENTENCES[refusal])
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Evidence:
    """A picture fit to be kept: a JPEG without metadata; `width` and `height` in pixels, `sha256` in hex."""

    data: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """Of `data`."""
        return hashlib.sha256(self.data).hexdigest()


def take(data: bytes) -> Evidence:
    """The picture in `data`, painted anew as a JPEG of at most `LONGEST_SIDE` pixels.

    It is turned the way its camera says; transparent parts become white; colour profiles are left out, which
    no claim about a scratch depends on and which would be one more thing to unpack. Of a moving picture the
    first frame is taken. Raises PictureRefusedError.
    """
    if len(data) > MOST_BYTES:
        raise PictureRefusedError(Refusal.TOO_LARGE)
    name = _format(data)
    try:
        with Image.open(BytesIO(data), formats=[name]) as image:
            if image.width * image.height > MOST_PIXELS[name]:
                raise PictureRefusedError(Refusal.TOO_MANY_PIXELS)
            return _painted_anew(image)
    except PictureRefusedError:
        raise
    except Image.DecompressionBombError:
        raise PictureRefusedError(Refusal.TOO_MANY_PIXELS) from None
    except Exception:
        # The decoders raise whatever the bytes make them stumble over; none of it says more than this.
        raise PictureRefusedError(Refusal.BROKEN) from None


def _format(data: bytes) -> str:
    """Pillow's name for the format of `data`, by its first bytes."""
    if data.startswith(b"\xff\xd8\xff"):
        # In a JPEG these two bytes stand nowhere but at the start of a scan (its own, or a thumbnail's).
        if data.count(b"\xff\xda") > MOST_SCANS:
            raise PictureRefusedError(Refusal.BROKEN)
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        raise PictureRefusedError(Refusal.HEIC)
    raise PictureRefusedError(Refusal.NOT_A_PICTURE)


def _painted_anew(image: Image.Image) -> Evidence:
    image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    if image.mode in ("1", "P"):
        # Without shades between its colours it could not be made smaller and stay legible.
        image = image.convert("RGBA")
    # Smaller first, so that turning and whitening work on few pixels.
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    painted = _on_white(ImageOps.exif_transpose(image))
    # A fresh picture has nothing but pixels: what was read beside them would else be written again.
    clean = Image.new("RGB", painted.size)
    clean.paste(painted)
    file = BytesIO()
    clean.save(file, "JPEG", quality=QUALITY, optimize=True)
    return Evidence(file.getvalue(), clean.width, clean.height)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        # Sixteen bits of grey: the upper eight are what can be seen.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
