"""Whether backups are judged as they are, and people told of it once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from client_ledger.core.backups import (
	DAY,
	HOUR,
	Backup,
	BackupContent,
	BackupVerdict,
	Compared,
	ComparedBalance,
	CopyPlace,
	Facts,
	Restored,
	Told,
	alert,
	collect,
	judge,
	judge_drill,
	read_name,
)

NOW = datetime(2026, 11, 28, 3, 0)
GOOD = Backup(
	"20261127_220000-shop_example-database.sql.gz",
	NOW - 5 * HOUR,
	1000,
	files=True,
	content=BackupContent.COMPLETE,
)
ELSEWHERE = CopyPlace("S3 Backup Settings", DAY, NOW - 4 * HOUR, name=GOOD.name, size=1000)


def facts(*backups: Backup, **more) -> Facts:
	return Facts("/backups", backups, **{"places": (ELSEWHERE,), **more})


def older(days: float, **more) -> Backup:
	return replace(GOOD, name=f"older-{days}", taken_on=NOW - timedelta(days=days), **more)


def codes(found: Facts, days: int = 1) -> tuple[str, list[str]]:
	judged = judge(found, NOW, days)
	return judged.verdict.value, [one.code for one in judged.findings]


@pytest.mark.parametrize(
	("name", "said"),
	[
		("20261127_220000-shop_example_com-database.sql.gz", ("database", False, False)),
		("20261127_220000-shop_example_com-partial-database-enc.sql.gz", ("database", True, True)),
		("20261127_220000-shop_example_com-private-files-enc.tgz", ("private-files", False, True)),
		("20261127_220000-shop_example_com-files.tar", ("files", False, False)),
		("20261127_220000-shop_example_com-site_config_backup.json", ("site_config_backup", False, False)),
	],
)
def test_names_are_read_as_frappe_writes_them(name, said):
	found = read_name(name)
	assert (found.kind, found.partial, found.encrypted) == said
	assert (found.slug, found.moment) == ("shop_example_com", datetime(2026, 11, 27, 22))


@pytest.mark.parametrize(
	"name", ["", "notes.txt", "20269999_220000-a-database.sql.gz", "20261127_220000-a-database.sql.gz.part"]
)
def test_other_names_are_none(name):
	assert read_name(name) is None


def test_backups_are_collected_with_their_files_and_those_of_others_told_apart():
	moment, earlier = "20261127_220000-", "20261126_220000-"
	files = [
		(f"{earlier}a-database.sql.gz", 5),
		(f"{moment}a-database.sql.gz", 7),
		(f"{moment}a-files.tar", 1),
		(f"{moment}a-private-files.tar", 1),
		(f"{earlier}a-files.tar", 1),
		(f"{moment}b-database.sql.gz", 9),
		("notes.txt", 1),
	]
	backups, others = collect(files, "a")
	assert [(one.size, one.files) for one in backups] == [(7, True), (5, False)]
	assert others == ["b"]


def test_a_good_backup_is_good():
	assert codes(facts(GOOD, older(1))) == ("Good", [])


@pytest.mark.parametrize(
	("found", "verdict", "code"),
	[
		(facts(trouble="no_folder"), "Bad", "no_folder"),
		(facts(), "Bad", "none"),
		(facts(others=("other",)), "Bad", "only_others"),
		(facts(older(1.3)), "Bad", "too_old"),
		(facts(older(1.2)), "Good", None),
		(facts(replace(GOOD, content=BackupContent.EMPTY, size=0)), "Bad", "empty"),
		(facts(replace(GOOD, content=BackupContent.BROKEN)), "Bad", "broken"),
		(facts(replace(GOOD, content=BackupContent.WRONG_KEY)), "Bad", "wrong_key"),
		(facts(replace(GOOD, partial=True)), "Bad", "partial"),
		(facts(replace(GOOD, content=BackupContent.UNFINISHED), older(0.5)), "Warning", "unfinished"),
		(facts(replace(GOOD, size=790), older(1)), "Warning", "smaller"),
		(facts(replace(GOOD, size=490), older(2)), "Bad", "smaller"),
		(facts(replace(GOOD, size=490), before=1000), "Bad", "smaller"),
		(facts(replace(GOOD, named_encrypted=True)), "Warning", "not_encrypted"),
		(facts(replace(GOOD, content=BackupContent.TOO_LONG)), "Warning", "too_long"),
		(facts(replace(GOOD, files=False)), "Warning", "no_files"),
		(facts(GOOD, places=()), "Warning", "on_machine"),
		(facts(GOOD, places=(), vouched=True), "Good", None),
		(facts(GOOD, room=1999), "Warning", "no_room"),
		(facts(GOOD, places=(CopyPlace("S3", error="denied"),)), "Warning", "place_failed"),
		(facts(GOOD, places=(CopyPlace("S3"),)), "Warning", "place_empty"),
		(facts(GOOD, places=(CopyPlace("S3", last=NOW - 2 * DAY),)), "Warning", "place_late"),
		(facts(GOOD, places=(CopyPlace("S3", 7 * DAY, NOW - 2 * DAY),)), "Good", None),
		(facts(GOOD, places=(replace(ELSEWHERE, size=999),)), "Warning", "place_differs"),
		(facts(GOOD, places=(CopyPlace("Dropbox", known=False),)), "Warning", "place_not_tried"),
		(facts(GOOD, places=(CopyPlace("Dropbox", known=False, tried=NOW - HOUR),)), "Good", "place_unknown"),
	],
)
def test_what_is_wrong_is_said(found, verdict, code):
	judged, said = codes(found)
	assert judged == verdict
	assert said == [] if code is None else code in said


def test_a_broken_newest_one_leaves_the_one_before():
	judged = judge(facts(replace(GOOD, content=BackupContent.BROKEN), older(0.5)), NOW, 1)
	assert (judged.verdict, judged.good.name, judged.newest.name) == (
		BackupVerdict.WARNING,
		"older-0.5",
		GOOD.name,
	)


def test_what_was_not_read_is_never_good():
	assert judge(facts(replace(GOOD, content=BackupContent.NOT_READ)), NOW, 1).verdict == BackupVerdict.BAD


def test_people_are_told_once_again_after_a_week_and_when_it_is_over():
	said, last, last_on = [], Told.NOTHING, None
	for day in range(30):
		now = NOW + day * DAY
		verdict = (
			BackupVerdict.BAD if 3 <= day < 20 else BackupVerdict.WARNING if day == 25 else BackupVerdict.GOOD
		)
		told = alert(verdict, last, last_on, now)
		if told != Told.NOTHING:
			said.append((day, told))
			last, last_on = told, now
	assert said == [(3, Told.ALERT), (10, Told.REMINDER), (17, Told.REMINDER), (20, Told.RECOVERY)]


def restored(**more) -> Restored:
	rows = [Compared("GL Entry", 10, 10)]
	balances = [ComparedBalance("GL Entry", "A", "Receivable", "5.00", "5.00")]
	return Restored(**{"same_site": True, "versions": (), "rows": rows, "balances": balances, **more})


@pytest.mark.parametrize(
	("found", "verdict", "code"),
	[
		(restored(), "Good", None),
		(restored(same_site=False), "Bad", "drill_other_site"),
		(restored(rows=[Compared("GL Entry", 9, 10, missing=1)]), "Bad", "drill_missing"),
		(restored(rows=[Compared("GL Entry", 10, 10, changed=1)]), "Bad", "drill_changed"),
		(restored(rows=[Compared("GL Entry", 10, 9, gone=1)]), "Warning", "drill_gone"),
		(restored(rows=[Compared("GL Entry", 0, 0)]), "Warning", "drill_nothing"),
		(restored(versions=[("erpnext", "15.1", "16.9")]), "Warning", "drill_versions"),
		(
			restored(balances=[ComparedBalance("GL Entry", "A", "Cash", "5.00", "5.01")]),
			"Warning",
			"drill_balance",
		),
	],
)
def test_a_restored_backup_is_judged(found, verdict, code):
	judged, findings = judge_drill(found)
	assert judged == verdict
	assert [one.code for one in findings] == ([code] if code else [])
