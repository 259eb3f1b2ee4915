"""Check digits of parcels' numbers, as the carriers print them."""

from __future__ import annotations

import re

S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
UPS = re.compile(r"1Z[0-9A-Z]{16}")
GS1 = re.compile(r"(?:9[1-5]\d{18}|9[1-5]\d{20}|00\d{18})")
S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def is_parcel_number(number: str) -> bool:
    """Whether `number` (capitals, no blanks) has the shape of a carrier's number and its check digit.

    UPS (1Z and sixteen), the postal unions' S10 (RR123456785DE), USPS (20 or 22 digits), SSCC (20 digits from 00).
    """
    if UPS.fullmatch(number):
        values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in number[2:]]
        return (sum(values[:15:2]) + 2 * sum(values[1:15:2]) + values[15]) % 10 == 0
    if S10.fullmatch(number):
        weighed = sum(int(digit) * weight for digit, weight in zip(number[2:10], S10_WEIGHTS, strict=True))
        return {10: 0, 11: 5}.get(11 - weighed % 11, 11 - weighed % 11) == int(number[10])
    if GS1.fullmatch(number):
        digits = [int(digit) for digit in reversed(number)]
        return (digits[0] + 3 * sum(digits[1::2]) + sum(digits[2::2])) % 10 == 0
    return False
