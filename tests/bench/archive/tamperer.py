"""A tamperer with the database's password: random changes by SQL, some naive, some by one who knows how hashes are made."""

import json
import random
from collections.abc import Callable

import frappe

from client_ledger.archive.files import path_of
from client_ledger.core.archive.canonical import canonical, sha256
from client_ledger.core.archive.entry import START, entry_hash
from tests.bench.archive.setting import COMPANY

TABLE = "`tabLedger Archive`"


def sql(text: str, **values) -> list:
	return frappe.db.sql(text, {"company": COMPANY, **values}, as_dict=True)


def rows() -> list:
	return sql(f"select * from {TABLE} where company = %(company)s and sequence > 0 order by sequence")


def some(chance: random.Random) -> frappe._dict:
	return chance.choice(rows())


def set_values(name: str, **values) -> None:
	sets = ", ".join(f"`{column}` = %({column})s" for column in values)
	sql(f"update {TABLE} set {sets} where name = %(name)s", name=name, **values)


def changed_figures(chance) -> None:
	set_values(some(chance).name, figures=canonical({"total": "0.01"}))


def forged(row: frappe._dict) -> dict:
	figures = canonical({"total": "0.01"})
	said = {**json.loads(row.content), "figures": sha256(figures)}
	text = canonical(said)
	return {"figures": figures, "content": text, "content_hash": sha256(text)}


def changed_figures_and_hashes(chance) -> None:
	row = some(chance)
	values = forged(row)
	own = entry_hash(row.previous_hash, row.sequence, values["content_hash"])
	set_values(row.name, **values, entry_hash=own)


def changed_customer(chance) -> None:
	set_values(some(chance).name, customer="Somebody Else")


def changed_date(chance) -> None:
	set_values(some(chance).name, date="2001-01-01")


def changed_file(chance) -> None:
	row = chance.choice(
		sql(
			"select f.sha256 from `tabLedger Archive File` f join `tabLedger Archive` a on a.name = f.parent where a.company = %(company)s"
		)
	)
	path = path_of(row.sha256)
	data = path.read_bytes()
	undo.append(lambda: path.write_bytes(data))
	path.write_bytes(path.read_bytes()[:-1] + b"x")


def removed_file(chance) -> None:
	row = chance.choice(
		sql(
			"select f.sha256 from `tabLedger Archive File` f join `tabLedger Archive` a on a.name = f.parent where a.company = %(company)s"
		)
	)
	path = path_of(row.sha256)
	data = path.read_bytes()
	undo.append(lambda: path.write_bytes(data))
	path.unlink()


def removed_row_of_a_file(chance) -> None:
	row = chance.choice(
		sql(
			"select f.name from `tabLedger Archive File` f join `tabLedger Archive` a on a.name = f.parent where a.company = %(company)s"
		)
	)
	sql("delete from `tabLedger Archive File` where name = %(name)s", name=row.name)


def removed_in_the_middle(chance) -> None:
	sql(f"delete from {TABLE} where name = %(name)s", name=chance.choice(rows()[:-1]).name)


def removed_at_the_end(chance) -> None:
	sql(f"delete from {TABLE} where name = %(name)s", name=rows()[-1].name)


def truncated_with_the_note(chance) -> None:
	found = rows()
	at = chance.randrange(1, len(found))
	sql(f"delete from {TABLE} where company = %(company)s and sequence > %(at)s", at=at)
	note(found[at - 1])


def removed_all(chance) -> None:
	sql(f"delete from {TABLE} where company = %(company)s")
	sql("delete from `tabArchive Chain` where company = %(company)s")


def swapped(chance) -> None:
	one, other = chance.sample(rows(), 2)
	keys = {"one": one.name, "other": other.name}
	sql(f"update {TABLE} set chain_key = null where name in (%(one)s, %(other)s)", **keys)
	set_values(one.name, sequence=other.sequence)
	set_values(other.name, sequence=one.sequence)


def copied(row: frappe._dict, **values) -> None:
	columns = {**row, "name": frappe.generate_hash(length=10), "entry_key": None, "chain_key": None, **values}
	names = ", ".join(f"`{column}`" for column in columns)
	places = ", ".join(f"%({column})s" for column in columns)
	frappe.db.sql(f"insert into {TABLE} ({names}) values ({places})", columns)


def inserted(chance) -> None:
	copied(some(chance))


def inserted_by_one_who_knows(chance) -> None:
	at = chance.choice(rows())
	sql(
		f"update {TABLE} set sequence = sequence + 1 where company = %(company)s and sequence > %(at)s",
		at=at.sequence,
	)
	values = forged(at)
	digest = values["content_hash"]
	copied(
		at,
		**values,
		sequence=at.sequence + 1,
		previous_hash=at.entry_hash,
		entry_hash=entry_hash(at.entry_hash, at.sequence + 1, digest),
	)


def appended_by_one_who_knows(chance) -> None:
	last = rows()[-1]
	values = forged(last)
	number = last.sequence + 1
	copied(
		last,
		**values,
		sequence=number,
		previous_hash=last.entry_hash,
		entry_hash=entry_hash(last.entry_hash, number, values["content_hash"]),
	)


def emptied(chance) -> None:
	row = some(chance)
	set_values(row.name, content=None, figures=None, purged_on="2026-01-01")
	sql("delete from `tabLedger Archive File` where parent = %(name)s", name=row.name)


def held(chance) -> None:
	set_values(some(chance).name, legal_hold=1)


def note(row: frappe._dict) -> None:
	"""Have the site note another head, as one who knows where it does would."""
	values = {"sequence": row.sequence, "entry_hash": row.entry_hash}
	sql(
		"update `tabArchive Chain` set sequence = %(sequence)s, entry_hash = %(entry_hash)s where company = %(company)s",
		**values,
	)


def rechain() -> None:
	"""Chain everything that is there anew, and note the head."""
	previous = START
	for number, row in enumerate(rows(), 1):
		own = entry_hash(previous, number, row.content_hash)
		set_values(row.name, sequence=number, previous_hash=previous, entry_hash=own, chain_key=None)
		row.update(sequence=number, entry_hash=own)
		previous = own
	note(row)


def forged_and_chained_anew(chance) -> None:
	row = some(chance)
	set_values(row.name, **forged(row))
	rechain()


def removed_and_chained_anew(chance) -> None:
	removed_in_the_middle(chance)
	rechain()


def swapped_and_chained_anew(chance) -> None:
	swapped(chance)
	rechain()


undo: list[Callable] = []
NAIVE = (
	changed_figures, changed_figures_and_hashes, changed_customer, changed_date, changed_file, removed_file,
	removed_row_of_a_file, removed_in_the_middle, removed_at_the_end, swapped, inserted, inserted_by_one_who_knows,
	appended_by_one_who_knows, emptied, held,
)  # fmt: skip
# Only a head that is known outside tells of these.
SKILLED = (
	truncated_with_the_note, removed_all, forged_and_chained_anew, removed_and_chained_anew, swapped_and_chained_anew,
)  # fmt: skip
