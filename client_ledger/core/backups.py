"""Whether a site could be had back today: its backups as they were found, judged; and when to say so to people.

files of a folder -> Backup (a database with its files) -> judge -> Judgement (verdict, findings) -> alert
Times are those of the site's own clock, without a zone; sizes are bytes; now is an argument.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A backup that is made once a day may come somewhat later than the day before.
GRACE = 6 * HOUR
# Of the size of the one before: less is to be looked at, and less than that is no good backup.
SMALLER, MUCH_SMALLER = 0.8, 0.5
# Attachments may be backed up less often than the database.
FILES_EVERY = 7 * DAY
REMIND_AFTER = 7 * DAY
# The next backup needs at least as much room as the last one, and the disk holds more than backups.
ROOM = 2

_NAME = re.compile(
	r"(?P<moment>\d{8}_\d{6})-(?P<slug>.+?)(?P<partial>-partial)?"
	r"-(?P<kind>database|private-files|files|site_config_backup)(?P<encrypted>-enc)?\.(?:sql\.gz|sql|tar|tgz|json)"
)


class BackupVerdict(str, Enum):
	"""Good; Warning: a good backup is there, and something is to be done; Bad: there is no good backup that is new enough."""

	GOOD, WARNING, BAD = "Good", "Warning", "Bad"


class BackupContent(str, Enum):
	"""What reading a backup to its end came to."""

	COMPLETE = "Complete"
	EMPTY = "Empty"
	BROKEN = "Broken"
	UNFINISHED = "Unfinished"
	WRONG_KEY = "Wrong Key"
	NO_KEY = "No Key"
	UNREADABLE = "Unreadable"
	TOO_LONG = "Too Long"
	NOT_READ = "Not Read"


GOOD_CONTENT = (BackupContent.COMPLETE, BackupContent.TOO_LONG)


@dataclass(frozen=True, slots=True)
class BackupName:
	"""What the name of a file of a backup says. kind: database, files, private-files or site_config_backup."""

	moment: datetime
	slug: str
	kind: str
	partial: bool
	encrypted: bool


@dataclass(frozen=True, slots=True)
class Backup:
	"""A backup of the database. files: whether attachments were backed up with it. named_encrypted: by its name."""

	name: str
	taken_on: datetime
	size: int
	files: bool = False
	partial: bool = False
	named_encrypted: bool = False
	content: BackupContent = BackupContent.NOT_READ
	encrypted: bool = False


@dataclass(frozen=True, slots=True)
class CopyPlace:
	"""Where copies of backups go, away from the machine.

	last: when the newest copy there was made, None where there is none. every: how often copies are to be made. known: whether
	it can be told at all; tried says when it was last tried where it cannot. error: why the place could not be asked.
	size: of the newest copy, name: that of its file, where the place was asked for it.
	"""

	service: str
	every: timedelta = DAY
	last: datetime | None = None
	known: bool = True
	tried: datetime | None = None
	error: str = ""
	name: str = ""
	size: int | None = None


@dataclass(frozen=True, slots=True)
class BackupFinding:
	"""One thing that was found. code: which text tells it; values: what stands in the text."""

	code: str
	verdict: BackupVerdict
	values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
	"""What was found. good: the newest good backup, whatever its age; newest: the newest one at all."""

	verdict: BackupVerdict
	findings: tuple[BackupFinding, ...]
	good: Backup | None = None
	newest: Backup | None = None


@dataclass(frozen=True, slots=True)
class Facts:
	"""What a check has found of a site.

	backups: newest first. trouble: why the folder could not be read (missing, denied), with the folder in `folder`. others: slugs
	of other sites whose backups lie in the folder. before: size of the last backup that an earlier check saw and that is gone.
	room: bytes that are free on the folder's disk, None where unknown. vouched: somebody says that copies are made otherwise.
	"""

	folder: str
	backups: Sequence[Backup] = ()
	trouble: str = ""
	others: Sequence[str] = ()
	places: Sequence[CopyPlace] = ()
	vouched: bool = False
	before: int = 0
	room: int | None = None


def read_name(name: str) -> BackupName | None:
	"""Return what the name of a file says, as Frappe names backups; None for any other name."""
	found = _NAME.fullmatch(name)
	if not found:
		return None
	try:
		moment = datetime.strptime(found["moment"], "%Y%m%d_%H%M%S")
	except ValueError:
		return None
	return BackupName(moment, found["slug"], found["kind"], bool(found["partial"]), bool(found["encrypted"]))


def collect(files: Iterable[tuple[str, int]], slug: str) -> tuple[list[Backup], list[str]]:
	"""Return the backups of the site *slug* among *files* (name, size), newest first, and the slugs of other sites."""
	named = [(name, size, said) for name, size in files if (said := read_name(name))]
	with_files = {said.moment for _, _, said in named if said.kind == "files" and said.slug == slug}
	private = {said.moment for _, _, said in named if said.kind == "private-files" and said.slug == slug}
	backups = [
		Backup(
			name,
			said.moment,
			size,
			said.moment in with_files & private,
			said.partial,
			said.encrypted,
		)
		for name, size, said in named
		if said.kind == "database" and said.slug == slug
	]
	others = {said.slug for _, _, said in named if said.slug != slug}
	return sorted(backups, key=lambda backup: (backup.taken_on, backup.name), reverse=True), sorted(others)


def is_good(backup: Backup, before: int) -> bool:
	"""Return whether the site could be restored from a backup. before: the size of the one before it, 0 for none."""
	return (
		backup.content in GOOD_CONTENT
		and not backup.partial
		and bool(backup.size)
		and backup.size >= before * MUCH_SMALLER
	)


def size_before(backups: Sequence[Backup], place: int, before: int) -> int:
	"""Return the size of the next older backup of the same kind than the one at *place*; *before* where none is left."""
	one = backups[place]
	for older in backups[place + 1 :]:
		if older.size and older.partial == one.partial and older.named_encrypted == one.named_encrypted:
			return older.size
	return before


def judge(facts: Facts, now: datetime, most_days: int) -> Judgement:
	"""Judge what was found. most_days: how old the newest good backup may be."""
	if facts.trouble:
		return _judged([BackupFinding(facts.trouble, BackupVerdict.BAD, {"folder": facts.folder})])
	if not facts.backups:
		others = {"folder": facts.folder, "sites": ", ".join(facts.others)}
		return _judged([BackupFinding("only_others" if facts.others else "none", BackupVerdict.BAD, others)])
	good = next(
		(
			backup
			for place, backup in enumerate(facts.backups)
			if is_good(backup, size_before(facts.backups, place, facts.before))
		),
		None,
	)
	findings = [
		*_of_age(good, now, most_days),
		*_of_newest(facts, good),
		*_of_files(facts, now),
		*_of_places(facts, now, most_days),
		*_of_room(facts),
	]
	return _judged(findings, good, facts.backups[0])


def _judged(
	findings: Sequence[BackupFinding], good: Backup | None = None, newest: Backup | None = None
) -> Judgement:
	worst = [*BackupVerdict][max(([*BackupVerdict].index(one.verdict) for one in findings), default=0)]
	return Judgement(worst, tuple(findings), good, newest)


def _of_age(good: Backup | None, now: datetime, most_days: int) -> Iterable[BackupFinding]:
	if good is None:
		yield BackupFinding("no_good", BackupVerdict.BAD)
	elif now - good.taken_on > most_days * DAY + GRACE:
		values = {"taken_on": str(good.taken_on), "days": most_days}
		yield BackupFinding("too_old", BackupVerdict.BAD, values)
	elif good.taken_on > now + HOUR:
		yield BackupFinding("in_future", BackupVerdict.WARNING, {"backup": good.name})


def _of_newest(facts: Facts, good: Backup | None) -> Iterable[BackupFinding]:
	"""Say what is wrong with those backups that are newer than the good one, and with that one itself."""
	bad = BackupVerdict.WARNING if good else BackupVerdict.BAD
	for place, backup in enumerate(facts.backups):
		if backup.content == BackupContent.NOT_READ:
			break
		values = {"backup": backup.name}
		if backup.content not in GOOD_CONTENT:
			yield BackupFinding(backup.content.name.lower(), bad, values)
		elif backup.partial:
			yield BackupFinding("partial", bad, values)
		else:
			before = size_before(facts.backups, place, facts.before)
			if backup.size < before * SMALLER:
				sizes = {"size": backup.size, "before": before}
				yield BackupFinding(
					"smaller", BackupVerdict.WARNING if backup == good else bad, {**values, **sizes}
				)
		if backup.named_encrypted and not backup.encrypted and backup.content in GOOD_CONTENT:
			yield BackupFinding("not_encrypted", BackupVerdict.WARNING, values)
		if backup.content == BackupContent.TOO_LONG:
			yield BackupFinding("too_long", BackupVerdict.WARNING, values)
		if backup == good:
			break


def _of_files(facts: Facts, now: datetime) -> Iterable[BackupFinding]:
	if not any(backup.files and now - backup.taken_on <= FILES_EVERY for backup in facts.backups):
		yield BackupFinding("no_files", BackupVerdict.WARNING, {"days": FILES_EVERY.days})


def _of_places(facts: Facts, now: datetime, most_days: int) -> Iterable[BackupFinding]:
	if not facts.places and not facts.vouched:
		yield BackupFinding("on_machine", BackupVerdict.WARNING)
	sizes = {backup.name: backup.size for backup in facts.backups}
	for place in facts.places:
		late = max(place.every, most_days * DAY) + GRACE
		values = {"service": place.service}
		if place.error:
			yield BackupFinding("place_failed", BackupVerdict.WARNING, {**values, "error": place.error})
		elif not place.known:
			if place.tried is None or now - place.tried > late:
				yield BackupFinding("place_not_tried", BackupVerdict.WARNING, values)
			else:
				yield BackupFinding(
					"place_unknown", BackupVerdict.GOOD, {**values, "tried": str(place.tried)}
				)
		elif place.last is None:
			yield BackupFinding("place_empty", BackupVerdict.WARNING, values)
		elif now - place.last > late:
			yield BackupFinding("place_late", BackupVerdict.WARNING, {**values, "last": str(place.last)})
		elif place.size is not None and place.size != sizes.get(place.name, place.size):
			yield BackupFinding("place_differs", BackupVerdict.WARNING, {**values, "backup": place.name})


def _of_room(facts: Facts) -> Iterable[BackupFinding]:
	if facts.room is not None and facts.room < ROOM * facts.backups[0].size:
		yield BackupFinding("no_room", BackupVerdict.WARNING, {"room": facts.room})


class Told(str, Enum):
	"""What people were told: that no good backup is there, that there still is none, that there is one again."""

	NOTHING, ALERT, REMINDER, RECOVERY = "", "Alert", "Reminder", "Recovery"


def alert(verdict: BackupVerdict, last: Told, last_on: datetime | None, now: datetime) -> Told:
	"""Return what to tell people after a check. last: what they were told last, and when.

	They are told once when the last good backup is too old, again a week later while that is so, and when it is over.
	"""
	open_since = last_on if last in (Told.ALERT, Told.REMINDER) else None
	if verdict != BackupVerdict.BAD:
		return Told.RECOVERY if open_since else Told.NOTHING
	if not open_since:
		return Told.ALERT
	return Told.REMINDER if now - open_since >= REMIND_AFTER else Told.NOTHING


# --- a restore that was tried ---


@dataclass(frozen=True, slots=True)
class Compared:
	"""Rows of a DocType written until the backup was made. missing: in the ledger but not in the backup; gone: the other way
	round; changed: in both, with other amounts. examples: names of the first of them."""

	doctype: str
	backup: int
	live: int
	missing: int = 0
	gone: int = 0
	changed: int = 0
	examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedBalance:
	"""What the entries of a company on accounts of a type come to, in company currency (as text, to the cent)."""

	doctype: str
	company: str
	account_type: str
	backup: str
	live: str


@dataclass(frozen=True, slots=True)
class Restored:
	"""What a restored backup holds, beside the ledger. same_site: whether it is a backup of this site. versions: (app, in the
	backup, here) of apps whose versions differ. elsewhere: what checks of other capabilities have found."""

	same_site: bool
	versions: Sequence[tuple[str, str, str]]
	rows: Sequence[Compared]
	balances: Sequence[ComparedBalance]
	elsewhere: Sequence[BackupFinding] = ()


def judge_drill(restored: Restored) -> tuple[BackupVerdict, tuple[BackupFinding, ...]]:
	"""Judge a restored backup. What was written before it and is not in it, or with other amounts, is Bad."""
	if not restored.same_site:
		return BackupVerdict.BAD, (BackupFinding("drill_other_site", BackupVerdict.BAD),)
	findings = [*_of_rows(restored.rows), *restored.elsewhere]
	differ = [one for one in restored.balances if one.backup != one.live]
	findings += [
		BackupFinding(
			"drill_balance",
			BackupVerdict.WARNING,
			{
				"doctype": one.doctype,
				"company": one.company,
				"account_type": one.account_type,
				"backup": one.backup,
				"live": one.live,
			},
		)
		for one in differ
	]
	if restored.versions:
		apps = ", ".join(f"{app} {theirs or '-'} / {ours or '-'}" for app, theirs, ours in restored.versions)
		findings.append(BackupFinding("drill_versions", BackupVerdict.WARNING, {"apps": apps}))
	if not any(one.backup for one in restored.rows):
		findings.append(BackupFinding("drill_nothing", BackupVerdict.WARNING))
	judged = _judged(findings)
	return judged.verdict, judged.findings


def _of_rows(rows: Iterable[Compared]) -> Iterable[BackupFinding]:
	for one in rows:
		values = {"doctype": one.doctype, "examples": ", ".join(one.examples)}
		if one.missing:
			yield BackupFinding("drill_missing", BackupVerdict.BAD, {**values, "count": one.missing})
		if one.changed:
			yield BackupFinding("drill_changed", BackupVerdict.BAD, {**values, "count": one.changed})
		if one.gone:
			yield BackupFinding("drill_gone", BackupVerdict.WARNING, {**values, "count": one.gone})
