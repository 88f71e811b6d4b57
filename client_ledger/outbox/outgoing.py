"""What a kind answers when its notices are about to go out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from html import unescape
from typing import Any

from frappe.utils import strip_html_tags

from client_ledger.core.outbox.message import Channel
from client_ledger.core.outbox.verdict import Verdict
from client_ledger.outbox.notice_rows import ItemRow, NoticeRow

# Stands in the text of a draft for the table of its items.
TABLE_MARK = "{{ items_table }}"
_LINE_ENDS = re.compile(r"</p>|<br ?/?>|</tr>|</li>|</h\d>|</div>")


@dataclass(frozen=True, slots=True)
class Letter:
	"""What the recipient reads. language: of the text; text: without markup, for SMS and plain readers."""

	subject: str
	html: str
	language: str

	@property
	def text(self) -> str:
		"""Return the letter without markup, a line per paragraph and row."""
		broken = (
			_LINE_ENDS.sub("\n", self.html.replace("\n", " ")).replace("</td>", "  ").replace("</th>", "  ")
		)
		lines = (" ".join(line.split(" ")).strip() for line in strip_html_tags(broken).splitlines())
		return unescape("\n".join(line for line in lines if line))


@dataclass(frozen=True, slots=True)
class Draft:
	"""A letter as a person may edit it. html: with the mark for the table. figures: a digest of what it asks for."""

	subject: str
	html: str
	table: str
	language: str
	figures: str


@dataclass(frozen=True, kw_only=True)
class Outgoing:
	"""A notice that may go out. A kind may subclass it to keep what `prepare` and `follow_through` need.

	recipient: address for the channel: an e-mail address, a mobile number, the name of an Address; None for manual
	channels. reply_to: who gets the answer, whatever the Email Account says; reply_to_default: who gets it where the account
	names nobody. letter: None for a manual channel without a text. day: the company's date. fields, items: of the row,
	written when it is handed over; items None: those that are there stay. email_account: its name, None for the
	site's default.
	"""

	row: NoticeRow
	channel: Channel
	letter: Letter | None
	day: date
	now: datetime
	recipient: str | None = None
	cc: Sequence[str] = ()
	reply_to: str | None = None
	reply_to_default: str | None = None
	email_account: str | None = None
	fields: Mapping[str, Any] = field(default_factory=dict)
	items: Sequence[ItemRow] | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
	"""A notice that does not go out now, and why. items: replace those of the row, None: they stay."""

	row: NoticeRow
	verdict: Verdict
	items: Sequence[ItemRow] | None = None


@dataclass(frozen=True, slots=True)
class Unrenderable:
	"""A notice whose message cannot be written."""

	row: NoticeRow
	error: Exception


@dataclass(frozen=True, slots=True)
class Outdated:
	"""A notice whose letter somebody has edited, and that would ask for something else by now: a person looks at it again.

	fields, items: of the row, as they are now.
	"""

	row: NoticeRow
	fields: Mapping[str, Any]
	items: Sequence[ItemRow]


SendDecision = Outgoing | Withheld | Unrenderable | Outdated


@dataclass(frozen=True, slots=True)
class Prepared:
	"""What goes along with a message. fields: of its row. attachments: as Frappe's Email Queue takes them."""

	fields: Mapping[str, Any] = field(default_factory=dict)
	attachments: Sequence[dict] = ()
