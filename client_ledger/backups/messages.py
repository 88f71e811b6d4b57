"""What was found of backups as sentences: what it is, and what to do about it, in the language of whoever reads."""

import json
from collections.abc import Iterable, Sequence

from frappe import _
from frappe.utils import format_datetime
from markupsafe import Markup

from client_ledger.core.backups import BackupFinding, BackupVerdict
from client_ledger.core.marked import marked
from client_ledger.site.messages import filled

TEXTS = {
	"no_folder": marked(
		"The folder {folder} does not exist. Take a backup with bench backup --with-files, or correct backup_path in the site's configuration."
	),
	"folder_denied": marked(
		"The folder {folder} cannot be read. Give the user who runs the bench the right to read it."
	),
	"none": marked(
		"There is no backup in {folder}. Take one with bench backup --with-files, and have it repeated with bench setup backups."
	),
	"only_others": marked(
		"The folder {folder} only holds backups of other sites: {sites}. Take a backup of this site with bench backup --with-files."
	),
	"no_good": marked(
		"None of the newest backups can be restored in full. Take one now with bench backup --with-files."
	),
	"too_old": marked(
		"The newest good backup was taken on {taken_on}; at most {days} days are allowed. Take one now with bench backup --with-files, and look why none was taken by itself."
	),
	"in_future": marked(
		"{backup} was taken in the future. Correct the clock or the time zone of the server."
	),
	"empty": marked(
		"{backup} is empty. The disk was full or the backup was ended. Make room, and take another one."
	),
	"broken": marked(
		"{backup} breaks off or is damaged. The disk was full, the backup was ended, or it was not copied to its end. Take another one."
	),
	"unfinished": marked(
		"{backup} lacks its last lines: the dump of the database ended too early. Take another one, and look into the log of the database."
	),
	"wrong_key": marked(
		"{backup} cannot be decrypted with the key of this site. Find the key that it was made with: it was backup_encryption_key in the site's configuration."
	),
	"no_key": marked(
		"{backup} is encrypted, and this site has no key for it or no gpg. Put the key into the site's configuration as backup_encryption_key, and install gpg."
	),
	"unreadable": marked(
		"{backup} cannot be read. Give the user who runs the bench the right to read it, and check the disk."
	),
	"too_long": marked(
		"{backup} is too large to be read to its end every night. Try it with bench client-ledger restore-drill."
	),
	"partial": marked(
		"{backup} holds only some of the tables, and bench restore refuses it. Take includes and excludes out of backup in the site's configuration."
	),
	"smaller": marked(
		"{backup} is much smaller than the backup before it: {size} instead of {before}. If nothing large was deleted, try it with bench client-ledger restore-drill."
	),
	"not_encrypted": marked(
		"{backup} is named as encrypted, and is not: encrypting failed. Check gpg, and take another one."
	),
	"no_files": marked(
		"No backup of the last {days} days holds the attachments, public and private. Add --with-files to the backup."
	),
	"on_machine": marked(
		"All backups are on the machine that they are to replace. Set up off-site storage, or have the folder copied and say so in Client Ledger Settings."
	),
	"place_failed": marked("{service} could not be asked: {error}. Check its settings."),
	"place_empty": marked(
		"{service} holds no backup of this site. Start an upload there, and look into the Error Log."
	),
	"place_late": marked(
		"The newest copy in {service} is of {last}. Start an upload there, and look into the Error Log."
	),
	"place_differs": marked(
		"The copy of {backup} in {service} has another size than the backup. Start the upload again."
	),
	"place_not_tried": marked(
		"{service} is switched on, but no upload was started when it was due. Check the scheduler."
	),
	"place_unknown": marked(
		"{service}: an upload was started on {tried}. Whether it arrived can only be seen there."
	),
	"no_room": marked("Only {room} are free where backups are kept: the next one may fail. Make room."),
	"drill_other_site": marked("This is a backup of another site. Choose one of this site with --backup."),
	"drill_missing": marked(
		"{doctype}: {count} that were written before the backup are not in it ({examples}). The backup is not complete, or entries were added with an earlier date."
	),
	"drill_changed": marked(
		"{doctype}: {count} have other amounts in the backup ({examples}). Entries are never changed afterwards: find out who did, and keep this backup."
	),
	"drill_gone": marked(
		"{doctype}: {count} of the backup are no longer there ({examples}). They were deleted or posted again since."
	),
	"drill_balance": marked(
		"{doctype} of {company}, accounts of type {account_type}: {backup} in the backup, {live} in the ledger."
	),
	"drill_versions": marked(
		"Other versions in the backup than here: {apps}. A restored site has to be migrated."
	),
	"drill_nothing": marked("The backup holds no entries that could be compared."),
	"drill_failed": marked("The backup could not be restored: {error}"),
	"archive_whole": marked("The archive in the backup is whole: {number} entries hold."),
	"archive_broken": marked(
		"The archive of {company} in the backup does not hold: {number} findings. Check today's with bench client-ledger verify-archive, and keep this backup as evidence."
	),
	"archive_forked": marked(
		"The archive of {company} does not go on from the one in the backup: entry {number} is another one. One of the two was changed. Check both against the heads that were mailed outside."
	),
	"drill_no_space": marked(
		"The database server has no room for a second copy: {error}. Make room on its disk, and try again."
	),
}
SIZES, TIMES, NAMES = (
	("size", "before", "room"),
	("taken_on", "last", "tried"),
	("service", "doctype", "account_type"),
)

VERDICTS = {
	BackupVerdict.GOOD: marked("The newest backup is good."),
	BackupVerdict.WARNING: marked("There is a good backup, with warnings."),
	BackupVerdict.BAD: marked("There is no good backup that is new enough."),
}
DRILLED = {
	BackupVerdict.GOOD: marked("The backup was restored, and agrees with the ledger."),
	BackupVerdict.WARNING: marked("The backup was restored, with warnings."),
	BackupVerdict.BAD: marked("The site cannot be restored from this backup."),
}


def summary(kind: str, verdict: BackupVerdict) -> str:
	"""Return what a check or a trial came to, in a sentence of the user's language."""
	return _((DRILLED if kind == "Drill" else VERDICTS)[verdict])


def sentence(finding: BackupFinding) -> Markup:
	"""Return a finding in the user's language, fit for HTML. What no text is known for stands as it is."""
	values = {name: _shown(name, value) for name, value in finding.values.items()}
	text = TEXTS.get(finding.code)
	return filled(_(text), **values) if text else filled("{0}", finding.values.get("text") or finding.code)


def _shown(name: str, value: object) -> str:
	if name in SIZES:
		return size_text(float(value))
	if name in TIMES:
		return format_datetime(value)
	return _(str(value)) if name in NAMES else str(value)


def size_text(size: float) -> str:
	"""Return a number of bytes for people."""
	for unit in ("B", "KB", "MB", "GB"):
		if size < 1024:
			return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
		size /= 1024
	return f"{size:.1f} TB"


def dumped(findings: Iterable[BackupFinding]) -> str:
	"""Return findings as they are stored."""
	return json.dumps(
		[{"code": one.code, "verdict": one.verdict.value, "values": one.values} for one in findings],
		ensure_ascii=False,
	)


def loaded(text: str | None) -> Sequence[BackupFinding]:
	"""Return stored findings."""
	return [
		BackupFinding(one["code"], BackupVerdict(one["verdict"]), one["values"])
		for one in json.loads(text or "[]")
	]
