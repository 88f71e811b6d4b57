"""A site of an older revision of the app keeps every figure when it is migrated to this one, on its own bench and on to 16.

Each site is filled on the older revision, once: its dump is kept in .bench/cache. See sites.py.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.bench.migration import renames, sites
from tests.tools.overlay import CHECKOUT, Overlay

Json = Any
# How long after the fill what is done there happens, in days.
SOON, NEXT_DAY = 0.01, 1
MOST_SHOWN = 40


@dataclass
class Migrated:
	"""A migrated site, and its figures: as it was filled, under today's names, and after the migration."""

	overlay: Overlay
	before: dict[str, Json]
	after: dict[str, Json]


def benches() -> dict[str, Path]:
	"""Return the real benches of this run by version."""
	paths = [
		os.environ.get("CLIENT_LEDGER_REAL_BENCH", ""),
		*os.environ.get("CLIENT_LEDGER_BENCHES", "").split(":"),
	]
	return {Overlay(Path(path)).name: Path(path) for path in paths if path}


@pytest.fixture(scope="module", params=["on its bench", "from 15 to 16"])
def migrated(request: pytest.FixtureRequest) -> Iterator[Migrated]:
	"""A site of the older revision, migrated to this checkout."""
	here, known = os.environ["CLIENT_LEDGER_BENCH"], benches()
	source = here
	if request.param == "from 15 to 16":
		if here != "16" or "15" not in known:
			pytest.skip("a site moves from 15 to 16 where both benches are tested, in the run on 16")
		source = "15"
	try:
		dump, before = sites.filled(known[source])
	except sites.NoRevision as reason:
		pytest.skip(str(reason))
	with sites.site(known[here], CHECKOUT, f"migrated-from-{source}") as overlay:
		overlay.make_site(dump)
		sites.run(overlay, "steps", "migrate", SOON)
		yield Migrated(overlay, renames.renamed(before), sites.figures(overlay))


def differences(expected: Json, found: Json, path: str = "") -> list[str]:
	"""Return where *found* lacks or changes what is *expected*; dictionaries may have more."""
	if isinstance(expected, dict) and isinstance(found, dict):
		return [
			line
			for key, value in expected.items()
			for line in (
				differences(value, found[key], f"{path}/{key}")
				if key in found
				else [f"{path}/{key}: missing, was {value!r:.120}"]
			)
		]
	if isinstance(expected, list) and isinstance(found, list):
		if len(expected) != len(found):
			gone = [part for part in expected if part not in found]
			new = [part for part in found if part not in expected]
			return [
				f"{path}: {len(found)} instead of {len(expected)}: without {gone!r:.300}, with {new!r:.300}"
			]
		return [
			line for i, value in enumerate(expected) for line in differences(value, found[i], f"{path}/{i}")
		]
	return [] if expected == found else [f"{path}: {found!r:.200} instead of {expected!r:.200}"]


def assert_kept(expected: Json, found: Json) -> None:
	"""Fail with the first differences."""
	lines = differences(expected, found)
	assert not lines, f"{len(lines)} differences:\n" + "\n".join(lines[:MOST_SHOWN])


def test_every_row_is_kept(migrated, tell: Callable[[str], None]):
	before, after = migrated.before["rows"], migrated.after["rows"]
	kept = {
		doctype: {
			name: {field: value for field, value in row.items() if (doctype, field) not in renames.CHANGED}
			for name, row in rows.items()
		}
		for doctype, rows in before.items()
	}
	assert_kept(kept, after)
	added = {doctype: sorted(set(after[doctype]) - set(rows)) for doctype, rows in before.items()}
	assert {doctype for doctype, names in added.items() if names} <= renames.RENEWED
	tell(f"migration: {sum(map(len, before.values()))} rows of {len(before)} DocTypes compared")


@pytest.mark.parametrize("part", ["customers", "queue", "todos"])
def test_what_erpnext_holds_of_ours_is_kept(migrated, part):
	assert_kept(migrated.before[part], migrated.after[part])
	assert set(migrated.before[part]) == set(migrated.after[part])


def test_every_tab_list_report_and_card_says_the_same(migrated, tell: Callable[[str], None]):
	assert_kept(migrated.before["answers"], migrated.after["answers"])
	tell(f"migration: {len(migrated.before['answers'])} answers compared")


def test_jobs_are_scheduled_as_before(migrated):
	assert migrated.after["schedules"] == migrated.before["schedules"] | renames.NEW_JOBS


@pytest.mark.parametrize("part", ["permissions", "seen", "workflows"])
def test_everybody_may_and_sees_the_same(migrated, part):
	before, after = migrated.before[part], migrated.after[part]
	if part == "seen":
		before, after = _without_renewed(before), _without_renewed(after)
	assert_kept(before, after)


def _without_renewed(seen: dict[str, Json]) -> dict[str, Json]:
	"""Return what users see without the lists of records that are made anew, and new pages."""
	return {
		user: {
			**row,
			"lists": {name: of for name, of in row["lists"].items() if name not in renames.RENEWED},
			"pages": [page for page in row["pages"] if page not in renames.NEW_PAGES],
			"reports": [report for report in row["reports"] if report not in renames.NEW_REPORTS],
		}
		for user, row in seen.items()
	}


def test_the_desk_shows_the_same_and_nothing_twice(migrated):
	before, after = dict(migrated.before["desk"]), dict(migrated.after["desk"])
	# Where the tabs stand depends on the version; their order is tested with the installation.
	assert sorted(tab for tab in before.pop("tabs") if tab[:3] == "cl_") == sorted(
		tab for tab in after["tabs"] if tab[:3] == "cl_"
	)
	after["Page"] = [page for page in after["Page"] if page not in renames.NEW_PAGES]
	after["Report"] = [report for report in after["Report"] if report not in renames.NEW_REPORTS]
	# Indexes are added.
	assert set(before.pop("indexes")) <= set(after["indexes"])
	for figures in (before, after):
		figures["fields"] = {name: row[:2] for name, row in figures["fields"].items()}
	for kind in before:
		assert_kept(before[kind], after[kind])


def test_no_error_is_logged(migrated):
	assert migrated.after["errors"] == migrated.before["errors"]


def test_what_people_saved_is_under_the_new_names(migrated):
	saved = migrated.after["saved"]
	assert set(saved["filters"]) >= set(migrated.before["saved"]["filters"])
	text = json.dumps(saved)
	gone = [old for old in renames.DOCTYPES if f'"{old}"' in text]
	gone += [
		f"{doctype}.{field}"
		for doctype, field in renames.FIELDS
		if f'\\"{doctype}\\", \\"{field}\\"' in text or f'["{doctype}", "{field}"' in text
	]
	assert not gone
	assert not [page for page in renames.PAGES if page in text]


def test_a_second_migration_changes_nothing(migrated):
	if migrated.overlay.name == "16" and "from-15" in migrated.overlay.site:
		pytest.skip("on its bench it is tested")
	sites.run(migrated.overlay, "steps", "migrate", SOON)
	again = sites.figures(migrated.overlay)
	assert_kept(migrated.after, again)
	assert_kept(again, migrated.after)


def test_nothing_is_sent_twice(migrated):
	queued = set(migrated.after["queue"])
	notices = migrated.after["rows"]["Ledger Notice"]
	status = renames.FIELDS.get(("Ledger Notice", "state"), "state")
	gone_out = {name for name, notice in notices.items() if notice[status] in ("Sending", "Sent")}
	assert gone_out and {notice[status] for notice in notices.values()} >= {"Planned", "Sending", "Sent"}
	sites.run(migrated.overlay, "steps", "work", SOON)
	soon = sites.figures(migrated.overlay, SOON)
	# Everything that is due had gone out, or waits for a person, an address or the evening; what failed is tried again.
	failed = {
		name for name, notice in notices.items() if notice[status] == "Failed" and notice["next_attempt"]
	}
	sent = [soon["queue"][name]["reference_name"] for name in sorted(set(soon["queue"]) - queued)]
	assert len(sent) == len(set(sent)) and set(sent) <= failed, sorted(set(sent) - failed)
	sites.run(migrated.overlay, "steps", "work", NEXT_DAY)
	later = sites.figures(migrated.overlay, NEXT_DAY)
	new = [row for name, row in later["queue"].items() if name not in queued]
	assert not [row for row in new if row["reference_name"] in gone_out]
	items = [
		(item["voucher_type"], item["voucher_no"], notice["customer"], notice["step"])
		for item in later["rows"]["Ledger Notice Item"].values()
		if (notice := later["rows"]["Ledger Notice"].get(item["parent"]))
		and notice[status] in ("Sending", "Sent")
	]
	assert len(items) == len(set(items))
	assert later["errors"] == migrated.before["errors"]


def test_uninstalling_leaves_nothing(migrated):
	"""The last, as it ends the site."""
	output = sites.run(migrated.overlay, "steps", "uninstall", NEXT_DAY)
	told = next(line for line in output.splitlines() if line.startswith("LEFT "))
	assert json.loads(told.removeprefix("LEFT ")) == []
