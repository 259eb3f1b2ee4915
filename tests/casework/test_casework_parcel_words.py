"""What people write of a parcel they have sent."""

import pytest

from casework.parcel_words import carrier_in, says_i_sent_it, says_it_is_sent, typed_tracking


@pytest.mark.parametrize(
    "text",
    [
        "I sent it with DHL, tracking 00340434161094042557",
        "posted it, tracking is 1Z88442",
        "the parcel was handed in today",
        "I have already shipped it back",
        "we've just dropped it off",
        "The item was shipped back with UPS",
    ],
)
def test_a_parcel_that_is_gone_is_heard(text: str) -> None:
    assert says_it_is_sent(text)


@pytest.mark.parametrize(
    "text",
    [
        "where do I send it",
        "I have not sent it yet",
        "when I have sent it, what then",
        "you sent me the wrong one, tracking 1Z88442",
        "the item you shipped never came",
        "I can't say if I sent it",
    ],
)
def test_what_is_not_sent_by_the_customer_is_not(text: str) -> None:
    assert not says_it_is_sent(text)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("I sent it with DHL, tracking 00340434161094042557", True),
        ("we have shipped the kettle back, tracking 1Z88442", True),
        ("my order was shipped on 2 March, tracking CL77, and is not here", False),
        ("I sent you an e-mail, tracking CL77 shows nothing", False),
        ("I've sent three messages about tracking CL77", False),
    ],
)
def test_only_who_has_sent_it_themselves_speaks_of_a_return_by_that_alone(text: str, sent: bool) -> None:
    assert says_i_sent_it(text) is sent


@pytest.mark.parametrize(
    ("text", "carrier"),
    [
        ("i sent it with dhl", "DHL"),
        ("handed to fed-ex yesterday", "FedEx"),
        ("Royal Mail has it", "Royal Mail"),
        ("DHL or UPS, I forgot", None),
        ("the groups of themes", None),
    ],
)
def test_a_carrier_is_known_by_its_name(text: str, carrier: str | None) -> None:
    assert carrier_in(text) == carrier


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("RR 123 456 785 DE", "RR123456785DE"),
        ("it is pp-5519.", "PP5519"),
        ("tracking number: 0034 0434", "00340434"),
        ("I dropped it at shop 1234", None),
        ("none", None),
        ("12", None),
        ("", None),
    ],
)
def test_a_number_typed_by_itself_is_taken_and_a_sentence_is_not(text: str, number: str | None) -> None:
    assert typed_tracking(text) == number
