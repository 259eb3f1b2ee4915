"""The same on PostgreSQL: what is kept, claimed, known again and moved does not depend on the kind of database."""

from datetime import UTC, datetime

import pytest

from order_store import Database, beat, parse_shops, save_shops
from tests.channels.test_channels_brief import (  # noqa: F401 - tests, and their fixtures
    decides,
    test_more_gives_the_reasons_and_the_question_stays_open,
)
from tests.channels.test_channels_delivered import (  # noqa: F401 - tests
    test_a_bad_signature_is_refused_and_nothing_of_it_kept_or_logged,
    test_a_delivery_that_comes_twice_is_taken_once,
    test_a_signature_is_good_for_one_mail,
    test_messages_of_one_sender_are_taken_in_order,
    test_what_was_kept_is_taken_after_a_crash,
)
from tests.channels.test_channels_hostile import (  # noqa: F401 - tests
    test_letters_no_database_keeps_are_left_out,
    test_what_is_given_up_is_told_to_who_wrote_it,
)
from tests.channels.test_channels_moving import (  # noqa: F401 - tests
    test_a_link_is_good_once,
    test_a_move_that_broke_off_is_not_called_over,
    test_from_a_channel_to_the_website,
    test_from_the_website_to_a_channel,
    test_once_a_link_was_used_no_other_holds,
    test_what_is_proven_at_the_new_place_is_not_known_at_the_old_one,
    test_what_was_told_of_an_order_does_not_go_along_to_a_channel,
    test_whom_the_shop_vouches_for_on_its_page_is_not_known_elsewhere,
)
from tests.channels.test_channels_notices import (  # noqa: F401 - tests, and their fixtures
    letters,
    post,
    ran_out,
    test_what_is_told_of_a_customer_names_their_channels_and_erasing_forgets_them,
    test_where_a_conversation_was_brought_to_nobody_gets_a_notice_before_they_are_known_there,
)
from tests.channels.test_channels_sent import (  # noqa: F401 - tests, and their fixtures
    photo,
    test_a_picture_is_evidence,
    test_a_provider_in_trouble_is_tried_again_and_the_order_is_kept,
    test_a_provider_that_asks_us_to_wait_is_asked_again_after_that,
    test_a_worker_that_dies_with_a_message_in_hand_leaves_it_to_the_next,
)


@pytest.fixture
def database(postgresql_url, known):
    database = Database(postgresql_url)
    with database.write() as session:
        save_shops(session, parse_shops(known.shops))
        beat(session, "worker", datetime.now(UTC))
    yield database
    database.dispose()


@pytest.fixture(params=["telegram"])
def channel(request):
    """One for all, where a test does not say which."""
    return request.param


@pytest.fixture
def shop(request):
    """Notices are tested at another shop, which their tests open."""
    return "quill" if "post" in request.fixturenames else "inkwell"
