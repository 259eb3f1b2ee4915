"""A picture is taken for what it is, and of what it was nothing is kept but its pixels."""

import tracemalloc
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from casework.evidence import LONGEST_SIDE, MOST_BYTES, MOST_PIXELS, Evidence, PictureRefusedError, Refusal, take
from tests.casework.photos import MAKER, SECRET, a_bomb, a_picture, encoded, exif, read

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)


def _refused(data: bytes) -> PictureRefusedError:
    with pytest.raises(PictureRefusedError) as caught:
        take(data)
    return caught.value


def _is_dark(evidence: Evidence, x: float, y: float) -> bool:
    image = read(evidence.data).convert("L")
    level = image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))
    assert isinstance(level, int)
    return level < 128


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_jpeg_png_and_webp_are_taken_and_kept_as_jpeg(kind: str) -> None:
    evidence = take(a_picture(kind=kind))
    assert read(evidence.data).format == "JPEG"
    assert (evidence.width, evidence.height) == (320, 240) == read(evidence.data).size
    assert _is_dark(evidence, 0.1, 0.5)
    assert not _is_dark(evidence, 0.9, 0.5)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        *[("JPEG", "L"), ("JPEG", "CMYK")],
        *[("PNG", mode) for mode in ("1", "L", "LA", "P", "RGBA", "I;16")],
        *[("WEBP", "RGBA")],
    ],
)
def test_every_way_to_write_colours_is_understood(kind: str, mode: str) -> None:
    assert read(take(a_picture(kind=kind, mode=mode)).data).mode == "RGB"


def test_sixteen_bits_of_grey_stay_as_dark_as_they_were() -> None:
    grey = read(take(encoded(Image.new("I;16", (64, 64), 0x4000), "PNG")).data).convert("L").getpixel((32, 32))
    assert isinstance(grey, int)
    assert abs(grey - 0x40) < 4


def test_what_is_transparent_becomes_white() -> None:
    assert not _is_dark(take(encoded(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG")), 0.5, 0.5)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_camera_profile_and_notes_are_gone(kind: str) -> None:
    notes = {"comment": SECRET} if kind == "JPEG" else {}
    profile = b"acsp" + SECRET
    data = a_picture(kind=kind, exif=exif(), icc_profile=profile, xmp=SECRET, **notes)
    assert MAKER.encode() in data
    assert SECRET in data or kind == "PNG"  # a PNG packs its profile
    evidence = take(data)
    image = read(evidence.data)
    assert not image.getexif()
    assert not {"exif", "icc_profile", "xmp", "comment", "photoshop"} & set(image.info)
    assert MAKER.encode() not in evidence.data
    assert SECRET not in evidence.data


@pytest.mark.parametrize(
    ("orientation", "size", "dark_at"),
    [
        (1, (320, 240), (0.1, 0.5)),
        (3, (320, 240), (0.9, 0.5)),
        (6, (240, 320), (0.5, 0.1)),
        (8, (240, 320), (0.5, 0.9)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_is_turned_the_way_the_camera_says(
    kind: str, orientation: int, size: tuple[int, int], dark_at: tuple[float, float]
) -> None:
    evidence = take(a_picture(kind=kind, exif=exif(orientation)))
    assert (evidence.width, evidence.height) == size
    assert _is_dark(evidence, *dark_at)
    assert not _is_dark(evidence, 1 - dark_at[0], 1 - dark_at[1])


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_is_made_smaller_in_its_own_shape(kind: str) -> None:
    evidence = take(a_picture(6000, 3000, kind))
    assert (evidence.width, evidence.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_a_small_picture_stays_as_it_is() -> None:
    assert (take(a_picture(40, 30)).width, take(a_picture(40, 30)).height) == (40, 30)


def test_a_heic_photo_is_refused_with_what_to_do() -> None:
    refused = _refused(HEIC)
    assert refused.refusal is Refusal.HEIC
    assert "Most Compatible" in str(refused)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"%PDF-1.7\n" + a_picture(),
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        encoded(Image.new("RGB", (8, 8)), "GIF"),
        encoded(Image.new("RGB", (8, 8)), "BMP"),
        encoded(Image.new("RGB", (8, 8)), "TIFF"),
        b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00" + bytes(64),
        b"PK\x03\x04" + bytes(64),
        b" " + a_picture(),
    ],
    ids=["empty", "text", "pdf", "svg", "gif", "bmp", "tiff", "avif", "zip", "jpeg-behind-a-space"],
)
def test_nothing_else_is_a_picture_whatever_it_holds(data: bytes) -> None:
    assert _refused(data).refusal is Refusal.NOT_A_PICTURE


def test_what_hides_behind_a_picture_is_left_behind() -> None:
    evidence = take(a_picture() + b"PK\x03\x04" + SECRET)
    assert SECRET not in evidence.data
    assert evidence.data.endswith(b"\xff\xd9")


def test_a_gif_that_begins_like_a_jpeg_is_no_picture() -> None:
    assert _refused(b"\xff\xd8\xff" + encoded(Image.new("RGB", (8, 8)), "GIF")).refusal is Refusal.BROKEN


def test_more_bytes_than_may_be_are_refused_unseen() -> None:
    assert _refused(a_picture() + bytes(MOST_BYTES)).refusal is Refusal.TOO_LARGE


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = a_bomb()
    assert len(bomb) < 20_000
    tracemalloc.start()
    try:
        assert _refused(bomb).refusal is Refusal.TOO_MANY_PIXELS
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_one_row_of_pixels_too_many_is_refused(kind: str) -> None:
    width = 10_000
    height = MOST_PIXELS[kind] // width
    image = Image.new("L", (width, height + 1))
    assert _refused(encoded(image, kind)).refusal is Refusal.TOO_MANY_PIXELS


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    data = a_picture(progressive=True)
    start = data.index(b"\xff\xda")
    assert _refused(data[:-2] + data[start:-2] * 100 + data[-2:]).refusal is Refusal.BROKEN


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_picture_cut_short_on_its_way_is_refused(kind: str, share: float) -> None:
    whole = encoded(Image.effect_noise((640, 480), 90).convert("RGB"), kind)
    assert _refused(whole[: int(len(whole) * share)]).refusal is Refusal.BROKEN


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    places=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=12),
)
def test_whatever_is_wrong_with_a_picture_it_is_taken_or_refused(kind: str, places: list[tuple[float, int]]) -> None:
    data = bytearray(a_picture(64, 48, kind, exif=exif(6)))
    for place, value in places:
        data[int(place * len(data))] = value
    with suppress(PictureRefusedError):
        evidence = take(bytes(data))
        assert Image.open(BytesIO(evidence.data)).format == "JPEG"
        assert MAKER.encode() not in evidence.data
