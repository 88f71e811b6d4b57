"""Simplified Chinese is complete: every string the user can see has a translation that keeps its placeholders."""

import re

import pytest

from tests import messages

_PLACEHOLDER = re.compile(r"\{\w*\}|%\(\w+\)s|%s|<[^>]+>")


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
	"""Every message of the app, with its places."""
	return messages.messages()


def chinese() -> dict[str, str]:
	return {message.id: message.string for message in messages.chinese() if message.id}


def test_every_message_is_translated(found):
	known = chinese()
	assert len(found) > 50, "the extractor found too little to prove anything"
	missing = {text: places for text, places in found.items() if not known.get(text)}
	assert not missing


def test_statuses_and_segments_are_messages(found):
	assert {"Partly Paid", "Long Overdue", "Chronically Late"} <= messages.status_values()
	assert messages.status_values() <= set(found)


def test_no_translation_outlives_its_message(found):
	assert not set(chinese()) - set(found)


def test_translations_keep_their_placeholders():
	wrong = {
		text: translation
		for text, translation in chinese().items()
		if sorted(_PLACEHOLDER.findall(text)) != sorted(_PLACEHOLDER.findall(translation))
	}
	assert not wrong


def test_template_catalogue_is_up_to_date(found):
	with messages.POT.open("rb") as file:
		written = {message.id for message in messages.read_po(file) if message.id}
	assert written == {message.id for message in messages.catalog(found) if message.id}, (
		"run `python -m tests.messages`"
	)
