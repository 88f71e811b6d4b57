// The balance confirmations of a customer, the newest first: both balances and what became of each.

import { day, form_link, money, muted, status_pill } from "../shared/format";
import { html, joined } from "../shared/html";
import { card, table } from "../shared/pieces";

export function confirmations_html(rows) {
	if (!rows.length) return "";
	const heads = [
		[__("As Of")],
		[__("Our Balance"), "cl-number"],
		[__("Customer's Balance"), "cl-number"],
		[__("Status")],
	];
	const cells = rows.map((row) => [
		form_link("Balance Confirmation", row.name, day(row.as_of)),
		money(row.ours, row.currency),
		row.theirs === null ? muted("–") : money(row.theirs, row.currency),
		html`<div>${joined(
			[
				status_pill("Balance Confirmation", row.status),
				row.open ? muted(__("{0} open", [row.open])) : "",
			],
			" "
		)}</div>`,
	]);
	return card(__("Balance Confirmations"), table(heads, cells), "cl-confirmations");
}
