"""A link's token opens that link for its purpose and nothing else, whatever is changed in it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.guest_links.tokens import make_token, read_token

KEY, NAME = b"the site's secret", "a1b2c3d4e5f6a7b8c9d0"
TOKEN = make_token(KEY, "Balance Confirmation", NAME)


def test_a_token_names_its_link():
	assert read_token(KEY, "Balance Confirmation", TOKEN) == NAME


@pytest.mark.parametrize(
	("key", "purpose"), [(b"another", "Balance Confirmation"), (KEY, "Customer Portal"), (KEY, "")]
)
def test_another_site_or_purpose_opens_nothing(key, purpose):
	assert read_token(key, purpose, TOKEN) is None


@given(
	st.integers(0, len(TOKEN) - 1),
	st.sampled_from(string.ascii_letters + string.digits + "-_ .%/'\"\n\x00ａ"),
)
def test_a_token_with_one_character_changed_opens_nothing(place, character):
	altered = TOKEN[:place] + character + TOKEN[place + 1 :]
	assert (read_token(KEY, "Balance Confirmation", altered) == NAME) == (altered == TOKEN)


@given(st.text())
def test_what_is_made_up_opens_nothing(text):
	assert read_token(KEY, "Balance Confirmation", text) is None


@pytest.mark.parametrize("altered", [TOKEN + "a", TOKEN[:-1], TOKEN + "\n", " " + TOKEN, NAME, TOKEN.upper()])
def test_a_token_cut_or_lengthened_opens_nothing(altered):
	assert read_token(KEY, "Balance Confirmation", altered) is None
