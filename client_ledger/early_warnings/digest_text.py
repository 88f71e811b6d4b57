"""What a digest says, in the language that is spoken: as a mail, and as a robot's message."""

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.utils import get_url, get_url_to_form, get_url_to_list
from markupsafe import Markup

from client_ledger.core.group_robots.messages import RobotLine, RobotMessage
from client_ledger.site.doctypes import EARLY_WARNING, WARNING_DIGEST
from client_ledger.site.messages import filled
from client_ledger.site.reasons import reason_of

Row = frappe._dict
# A mail with more of them is read by nobody; they are in the list.
MOST_SHOWN = 50
_CELL = "padding:6px 10px 6px 0;vertical-align:top;border-bottom:1px solid #e2e6e9"


def subject_of(rows: Sequence[Row]) -> str:
	"""Return the subject of a digest."""
	high = sum(row.severity == "High" for row in rows)
	if len(rows) == 1:
		return filled(_("Early warning: {0}, {1}"), about(rows[0]), _(rows[0].signal_name)).unescape()
	if high:
		return filled(_("{0} new early warnings, {1} of high severity"), len(rows), high).unescape()
	return filled(_("{0} new early warnings"), len(rows)).unescape()


def about(row: Row) -> str:
	"""Return whom a warning is about."""
	return row.customer_name or row.customer or row.company


def mail_of(rows: Sequence[Row], running: int, digest: str) -> str:
	"""Return the HTML of a digest. running: how many warnings the reader has in all. digest: name of its Warning Digest."""
	lines = Markup("").join(_line(row) for row in rows[:MOST_SHOWN])
	parts = [Markup('<table style="border-collapse:collapse;width:100%">{}</table>').format(lines)]
	if len(rows) > MOST_SHOWN:
		parts.append(Markup("<p>{}</p>").format(filled(_("and {0} more"), len(rows) - MOST_SHOWN)))
	open_all = Markup('<a href="{}">{}</a>').format(_list_address(), _("Open the list"))
	said = filled(_("{0} warnings are open or being worked on. {1}"), running, open_all)
	settings = Markup('<a href="{}">{}</a>').format(
		get_url_to_form(WARNING_DIGEST, digest), _("Warning Digest")
	)
	parts.append(Markup("<p>{}</p>").format(said))
	parts.append(
		Markup('<p style="color:#6c7680">{}</p>').format(
			filled(_("What is in this digest is not sent again. How often it comes: {0}."), settings)
		)
	)
	return str(Markup("").join(parts))


def _line(row: Row) -> Markup:
	link = Markup('<a href="{}">{}</a>').format(get_url_to_form(EARLY_WARNING, row.name), about(row))
	return Markup(
		'<tr><td style="{cell}"><strong>{severity}</strong></td><td style="{cell}">{link}<br>{company}</td>'
		'<td style="{cell}"><strong>{signal}</strong><br>{reason}<br><em>{action}</em></td></tr>'
	).format(
		cell=_CELL,
		severity=_(row.severity),
		link=link,
		company=row.company,
		signal=_(row.signal_name),
		reason=reason_of(row),
		action=_(row.proposed_action),
	)


def robot_message(rows: Sequence[Row], with_names: bool) -> RobotMessage:
	"""Return a digest as a robot says it. with_names: with customers and figures, else their number alone."""
	title = subject_of(rows) if with_names else filled(_("{0} new early warnings"), len(rows)).unescape()
	more = _("and {0} more")
	if not with_names:
		return RobotMessage(title, [RobotLine(_("Open the list"), _list_address())], more)
	lines = [
		RobotLine(
			f"{_(row.severity)}: {about(row)} – {_(row.signal_name)}. {reason_of(row)} {_(row.proposed_action)}",
			get_url_to_form(EARLY_WARNING, row.name),
		)
		for row in rows
	]
	return RobotMessage(title, lines, more)


def _list_address() -> str:
	return get_url_to_list(EARLY_WARNING) or get_url()
