"""Heads of chains as lines of text, which a mail carries outside and a check reads again, whatever a mail program made of it."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import NamedTuple

WORD = "client-ledger-archive-head"
_LINE = re.compile(rf"{WORD}\s+(\S+)\s+(\d{{1,12}}):([0-9a-fA-F]{{64}})")
_SHORT = re.compile(r"(\d{1,12}):([0-9a-fA-F]{64})")


class Head(NamedTuple):
	"""chain: the chain's own name, "" where it is not said. sequence, entry_hash: of its last entry."""

	chain: str
	sequence: int
	entry_hash: str


def head_line(head: Head) -> str:
	"""Return the line of a head."""
	return f"{WORD} {head.chain} {head.sequence}:{head.entry_hash}"


def read_head(text: str) -> Head:
	"""Return the head that SEQ:HASH names. Raises ValueError for anything else."""
	found = _SHORT.fullmatch(text.strip())
	if not found:
		raise ValueError(f"{text!r:.100} is no SEQ:HASH")
	return Head("", int(found[1]), found[2].lower())


def heads_in(data: bytes) -> list[Head]:
	"""Return the heads in a file: saved mails (one, or many as an mbox), or lines of text. Each once, by number."""
	found = set()
	for text in _texts(data):
		for chain, sequence, digest in _LINE.findall(text):
			found.add(Head(chain, int(sequence), digest.lower()))
	return sorted(found, key=lambda head: (head.sequence, head))


def _texts(data: bytes) -> Iterator[str]:
	yield data.decode("utf-8", "replace")
	for part in re.split(rb"(?m)^From .*\r?\n", data):
		if not part.strip():
			continue
		mail = message_from_bytes(part, policy=policy.default)
		if isinstance(mail, EmailMessage):
			yield from _bodies(mail)


def _bodies(mail: EmailMessage) -> Iterator[str]:
	for part in mail.walk():
		if part.get_content_maintype() != "text":
			continue
		try:
			text = part.get_content()
		except (LookupError, ValueError):
			continue
		# A mail program may have wrapped it or put markup between.
		yield re.sub(r"<[^>]+>", " ", text)
