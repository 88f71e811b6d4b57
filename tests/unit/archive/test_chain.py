"""Whatever is done to a chain that is not on record is found, by a random tamperer too; what is on record is not."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.archive.canonical import canonical, sha256
from client_ledger.core.archive.entry import (
	HOLD,
	HOLD_LIFTED,
	PURGE,
	REPEATED,
	START,
	Content,
	KeptFile,
	StoredEntry,
	chained,
	entry_hash,
	read_content,
)
from client_ledger.core.archive.events import Events
from client_ledger.core.archive.heads import Head, head_line, heads_in, read_head
from client_ledger.core.archive.ranges import Ranges
from client_ledger.core.archive.verify import Anchor, FileState, FindingKind, Verification

NOW = datetime(2026, 7, 31, 23, 0)
VALUES = st.recursive(
	st.none()
	| st.booleans()
	| st.integers()
	| st.text(max_size=8)
	| st.decimals(allow_nan=False, allow_infinity=False),
	lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
	max_leaves=12,
)


def content(number: int, kind: str = "Invoice", **figures) -> tuple[str, str, Content]:
	files = (KeptFile(f"{number}.pdf", sha256(str(number)), number),) if number % 3 == 0 else ()
	found = Content(
		company="Company",
		kind=kind,
		reference_doctype="Sales Invoice",
		reference_name=f"INV-{number}",
		date=date(2026, 7, 1),
		kept_on=NOW - timedelta(days=30) + timedelta(minutes=number),
		kept_by="somebody@example.com",
		customer=f"Customer {number % 4}",
		retention_until=date(2036, 12, 31),
		figures=canonical({"total": Decimal(number), **figures}),
		files=files,
	)
	return found.text(), found.figures, found


def made(
	contents: list[tuple[str, str, Content]], previous: str = START, sequence: int = 0
) -> list[StoredEntry]:
	links = chained(previous, sequence, (sha256(text) for text, _figures, _content in contents))
	return [
		stored(number, previous_hash, own, text, figures, one)
		for (number, previous_hash, _hash, own), (text, figures, one) in zip(links, contents, strict=True)
	]


def stored(number: int, previous: str, own: str, text: str, figures: str, one: Content) -> StoredEntry:
	said = read_content(text)
	columns = {column: said[column] for column in REPEATED}
	return StoredEntry(
		f"row {number}", number, previous, sha256(text), own, text, figures, one.files, columns, creation=NOW
	)


def chain(length: int) -> list[StoredEntry]:
	return made([content(number) for number in range(1, length + 1)])


def check(entries: list[StoredEntry], events: Events | None = None, **known) -> set[FindingKind]:
	verification = Verification(events or Events(), NOW, **known)
	return {
		found.kind
		for found in verification.findings(sorted(entries, key=lambda one: (one.sequence, one.name)))
	}


def head(entries: list[StoredEntry]) -> tuple[int, str]:
	return (entries[-1].sequence, entries[-1].entry_hash) if entries else (0, START)


def relinked(entries: list[StoredEntry]) -> list[StoredEntry]:
	"""Chain entries anew as somebody would who knows how."""
	found, previous = [], START
	for number, entry in enumerate(entries, 1):
		digest = sha256(entry.content)
		own = entry_hash(previous, number, digest)
		found.append(
			replace(entry, sequence=number, previous_hash=previous, content_hash=digest, entry_hash=own)
		)
		previous = own
	return found


# --- the way figures are written ---


@given(VALUES)
def test_the_same_figures_have_one_text(value):
	text = canonical(value)
	assert canonical(value) == text
	if isinstance(value, dict):
		assert canonical(dict(reversed(value.items()))) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**15), max_value=10**15))
def test_an_amount_keeps_every_digit(amount):
	text = canonical({"amount": amount})
	assert Decimal(text.split('"')[3]) == amount
	assert "E" not in text.split('"')[3].upper()


def test_what_has_no_one_text_is_refused():
	for value in (1.5, {1: 2}, {"x": {1, 2}}, b"x"):
		with pytest.raises(TypeError):
			canonical(value)
	for value in (Decimal("NaN"), Decimal("Infinity")):
		with pytest.raises(ValueError):
			canonical(value)
	assert canonical(Decimal("-0")) == '"0"'
	assert canonical({"b": 1, "a": "对账单"}) == '{"a":"对账单","b":1}'


# --- the chain ---


@given(st.integers(0, 12))
def test_an_untouched_chain_is_intact(length):
	entries = chain(length)
	anchors = [Anchor(one.sequence, one.entry_hash, NOW - timedelta(days=40)) for one in entries[::3]]
	assert check(entries, head=head(entries), anchors=anchors) == set()


def change_figures(chance, entries):
	at = chance.randrange(len(entries))
	entries[at] = replace(entries[at], figures=canonical({"total": Decimal("0.01")}))


def change_figures_and_content(chance, entries):
	at = chance.randrange(len(entries))
	text, figures, _content = content(entries[at].sequence, note="forged")
	entries[at] = replace(entries[at], figures=figures, content=text)


def change_a_content_hash_too(chance, entries):
	at = chance.randrange(len(entries))
	text, figures, _content = content(entries[at].sequence, note="forged")
	entries[at] = replace(entries[at], figures=figures, content=text, content_hash=sha256(text))


def change_a_column(chance, entries):
	at, column = chance.randrange(len(entries)), chance.choice(REPEATED)
	entries[at] = replace(entries[at], columns={**entries[at].columns, column: "forged"})


def change_one_link(chance, entries):
	at = chance.randrange(len(entries))
	text, figures, _content = content(entries[at].sequence, note="forged")
	digest = sha256(text)
	own = entry_hash(entries[at].previous_hash, entries[at].sequence, digest)
	entries[at] = replace(entries[at], figures=figures, content=text, content_hash=digest, entry_hash=own)


def empty_one(chance, entries):
	at = chance.randrange(len(entries))
	entries[at] = replace(entries[at], content="", figures="", files=())


def remove_one(chance, entries):
	del entries[chance.randrange(len(entries))]


def remove_the_end(chance, entries):
	del entries[chance.randrange(len(entries)) :]


def remove_and_renumber(chance, entries):
	del entries[chance.randrange(len(entries))]
	entries[:] = [replace(one, sequence=number) for number, one in enumerate(entries, 1)]


def insert_one(chance, entries):
	at = chance.randrange(len(entries))
	entries.append(replace(entries[at], name="forged"))


def append_one(chance, entries):
	text, figures, one = content(50, note="forged")
	last = entries[-1]
	digest = sha256(text)
	own = entry_hash(last.entry_hash, last.sequence + 1, digest)
	entries.append(stored(last.sequence + 1, last.entry_hash, own, text, figures, one))


def swap_two(chance, entries):
	if len(entries) < 2:
		return remove_one(chance, entries)
	one, other = sorted(chance.sample(range(len(entries)), 2))
	first, second = entries[one], entries[other]
	entries[one] = replace(second, sequence=first.sequence)
	entries[other] = replace(first, sequence=second.sequence)


def hold_one(chance, entries):
	at = chance.randrange(len(entries))
	entries[at] = replace(entries[at], legal_hold=True)


TAMPERINGS = (
	change_figures, change_figures_and_content, change_a_content_hash_too, change_a_column, change_one_link, empty_one,
	remove_one, remove_the_end, remove_and_renumber, insert_one, append_one, swap_two, hold_one,
)  # fmt: skip


@given(st.integers(1, 9), st.sampled_from(TAMPERINGS), st.randoms(use_true_random=False))
def test_whatever_is_done_is_found(length, tampering, chance):
	entries = chain(length)
	known = head(entries)
	tampering(chance, entries)
	assert check(entries, head=known), tampering.__name__


def forge_and_relink(chance, entries):
	change_figures_and_content(chance, entries)
	entries[:] = relinked(entries)


def remove_and_relink(chance, entries):
	del entries[chance.randrange(len(entries))]
	entries[:] = relinked(entries)


def insert_and_relink(chance, entries):
	text, figures, one = content(60, note="forged")
	entries.insert(chance.randrange(len(entries)), stored(60, "", "", text, figures, one))
	entries[:] = relinked(entries)


@given(
	st.integers(1, 9),
	st.sampled_from((forge_and_relink, remove_and_relink, insert_and_relink, remove_the_end)),
	st.randoms(use_true_random=False),
)
def test_who_chains_anew_and_notes_the_head_is_found_by_a_head_from_outside(length, tampering, chance):
	entries = chain(length)
	outside = Anchor(*head(entries), NOW)
	tampering(chance, entries)
	assert check(entries, head=head(entries)) == set()
	assert check(entries, head=head(entries), anchors=[outside])


def test_an_older_head_finds_what_was_changed_before_it_alone():
	entries = chain(6)
	old = Anchor(3, entries[2].entry_hash)
	text, figures, one = content(4, note="forged")
	later = relinked([*entries[:3], stored(4, "", "", text, figures, one), *entries[4:]])
	assert check(later, head=head(later), anchors=[old]) == set()
	earlier = relinked([entries[1], entries[0], *entries[2:]])
	assert FindingKind.RECHAINED in check(earlier, head=head(earlier), anchors=[old])


def test_an_entry_that_claims_to_be_older_than_a_known_head():
	entries = chain(3)
	text, figures, one = content(4)
	new = made([(text, figures, one)], entries[-1].entry_hash, 3)
	anchors = [Anchor(3, entries[-1].entry_hash, NOW)]
	assert check([*entries, *new], head=head(new), anchors=anchors) == {FindingKind.BACKDATED}


def test_files_and_entries_that_wait():
	entries = chain(3)
	for state, kind in (
		(FileState.MISSING, FindingKind.FILE_MISSING),
		(FileState.CHANGED, FindingKind.FILE_CHANGED),
	):
		assert check(entries, head=head(entries), file_state=lambda _file, state=state: state) == {kind}
	waits = replace(entries[0], name="waits", sequence=0, previous_hash="", entry_hash="")
	assert check([waits, *entries], head=head(entries)) == set()
	assert check([replace(waits, figures="{}")], head=(0, START)) == {FindingKind.CHANGED}
	forgotten = replace(waits, creation=NOW - timedelta(days=2))
	assert check([forgotten, *entries], head=head(entries)) == {FindingKind.NOT_CHAINED}


def test_what_is_on_record_is_no_finding():
	entries = chain(5)
	purged = [replace(one, content="", figures="", files=()) if one.sequence == 2 else one for one in entries]
	held = [replace(one, legal_hold=one.sequence == 4) for one in purged]
	renamed = [
		replace(one, columns={**one.columns, "customer": "New"})
		if one.columns["customer"] == "Customer 3"
		else one
		for one in held
	]
	events = Events().add_all(
		[
			(6, PURGE, {"sequences": [2]}),
			(7, HOLD, {"sequences": [3, 4]}),
			(8, HOLD_LIFTED, {"sequences": [3]}),
			(9, "Rename", {"doctype": "Customer", "old": "Customer 3", "new": "New"}),
		]
	)
	assert check(renamed, events, head=head(entries)) == set()
	assert check(renamed, head=head(entries)) == {
		FindingKind.REMOVED,
		FindingKind.HOLD_CHANGED,
		FindingKind.CHANGED,
	}


def test_what_is_remembered_does_not_grow_with_the_chain():
	def stream(length):
		previous = START
		for number in range(1, length + 1):
			text, figures, one = content(number % 1000)
			own = entry_hash(previous, number, sha256(text))
			yield stored(number, previous, own, text, figures, one)
			previous = own

	import tracemalloc

	tracemalloc.start()
	verification = Verification(Events(), NOW + timedelta(days=900))
	assert sum(found.kind is not FindingKind.BACKDATED for found in verification.findings(stream(3_000))) == 0
	assert tracemalloc.get_traced_memory()[1] < 1_000_000
	tracemalloc.stop()
	assert verification.entries == 3_000


# --- sets of numbers, heads in mails ---


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40))))
def test_ranges_are_sets(steps):
	ranges, plain = Ranges(), set()
	for is_added, number in steps:
		(ranges.add if is_added else ranges.discard)(number)
		(plain.add if is_added else plain.discard)(number)
	assert {number for number in range(42) if number in ranges} == plain
	assert [n for first, last in ranges for n in range(first, last + 1)] == sorted(plain)
	assert all(
		last + 1 < first for (_f, last), (first, _l) in zip(list(ranges), list(ranges)[1:], strict=False)
	)


def test_heads_are_read_from_what_mail_programs_save():
	from email.message import EmailMessage

	heads = [Head("ab12cd34ef", number, sha256(str(number))) for number in (7, 1234)]
	for options in ({"cte": "quoted-printable"}, {"cte": "base64"}, {}):
		mails = []
		for one in heads:
			mail = EmailMessage()
			mail["Subject"] = "Archive"
			mail.set_content(f"Heads 账 of the day\n\n{head_line(one)}\n", charset="utf-8", **options)
			mail.add_alternative(f"<p>账 {head_line(one)}</p>", subtype="html", **options)
			mails.append(mail.as_bytes())
		assert heads_in(mails[0]) == heads[:1]
		assert (
			heads_in(b"".join(b"From x@y Mon Jan  1 00:00:00 2026\n" + mail + b"\n" for mail in mails))
			== heads
		)
	assert heads_in("\n".join(map(head_line, heads)).encode()) == heads
	assert heads_in(b"\xff\x00 nothing") == []
	assert read_head(f"12:{'A' * 64}") == Head("", 12, "a" * 64)
	for bad in ("", "12", "12:ab", f"x:{'a' * 64}", f"1:{'g' * 64}"):
		with pytest.raises(ValueError):
			read_head(bad)
