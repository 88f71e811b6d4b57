"""Who did both of two duties that are to be kept apart, on the same document or for the same customer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from client_ledger.core.duties.conflicts import KeptApart

Subject = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Deed:
	"""Something that somebody did: a duty, on a document, when.

	about: documents that it concerns besides, such as the invoice a payment is for. parties: customers, suppliers and so on.
	"""

	user: str
	duty: str
	doctype: str
	name: str
	when: datetime
	kind: str
	about: frozenset[Subject] = frozenset()
	parties: frozenset[Subject] = frozenset()

	@property
	def act(self) -> tuple[str, str, str, datetime]:
		"""What it is by itself, whichever duty it belongs to."""
		return self.doctype, self.name, self.kind, self.when

	@property
	def documents(self) -> frozenset[Subject]:
		"""The document itself, and those it concerns."""
		return self.about | {(self.doctype, self.name)}


@dataclass(frozen=True, slots=True)
class BothDone:
	"""A user who did both on *subject*, a document or a party: all deeds of each duty on it, the earliest first."""

	user: str
	rule: str
	subject: Subject
	same_document: bool
	first: tuple[Deed, ...]
	second: tuple[Deed, ...]


def did_both(deeds: Iterable[Deed], rules: Iterable[KeptApart]) -> Iterator[BothDone]:
	"""Yield who did both duties of a rule, by rule, user and subject.

	One act never counts as both. A party is left out for who did both on one document of it: that says more.
	"""
	by_duty: dict[tuple[str, str], list[Deed]] = {}
	users = set()
	for deed in sorted(deeds, key=lambda deed: (deed.when, deed.doctype, deed.name, deed.kind)):
		by_duty.setdefault((deed.user, deed.duty), []).append(deed)
		users.add(deed.user)
	for rule in rules:
		for user in sorted(users):
			first, second = by_duty.get((user, rule.first), []), by_duty.get((user, rule.second), [])
			if first and second:
				yield from _both(user, rule, first, second)


def _both(user: str, rule: KeptApart, first: list[Deed], second: list[Deed]) -> Iterator[BothDone]:
	parties_told: set[Subject] = set()
	for same_document in (True, False):
		mine, others = _by_subject(first, same_document), _by_subject(second, same_document)
		for subject in sorted(mine.keys() & others.keys()):
			if subject in parties_told or not _two_acts(mine[subject], others[subject]):
				continue
			if same_document:
				parties_told.update(p for deed in (*mine[subject], *others[subject]) for p in deed.parties)
			yield BothDone(
				user, rule.name, subject, same_document, tuple(mine[subject]), tuple(others[subject])
			)


def _by_subject(deeds: Iterable[Deed], documents: bool) -> dict[Subject, list[Deed]]:
	found: dict[Subject, list[Deed]] = {}
	for deed in deeds:
		for subject in deed.documents if documents else deed.parties:
			found.setdefault(subject, []).append(deed)
	return found


def _two_acts(first: Iterable[Deed], second: Iterable[Deed]) -> bool:
	return len({deed.act for deed in (*first, *second)}) > 1
