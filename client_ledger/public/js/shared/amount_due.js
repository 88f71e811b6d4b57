// What a customer is asked for, per currency: overdue, less what is not asked for, less each credit on account.

import { day, document_link, money, muted } from "./format";
import { html } from "./html";
import { card, table } from "./pieces";

/** The card; nothing where neither anything is overdue nor on account. due: rows as the server's `amounts_due.as_rows`. */
export function amount_due_card(due) {
	const shown = due.filter((row) => row.overdue || row.credit);
	if (!shown.length) return "";
	return card(
		__("Amount Due"),
		table([[__("Description")], [__("Amount"), "cl-number"]], shown.flatMap(rows_of), ""),
		"cl-amount-due"
	);
}

function rows_of({ currency, overdue, withheld, credits, net }) {
	const row = (label, amount) => [label, money(amount, currency)];
	return [
		row(__("Overdue"), overdue),
		...(withheld ? [row(__("Disputed, Promised, Announced or Referred"), -withheld)] : []),
		...credits.map((credit) => row(credit_label(credit), -credit.amount)),
		[
			html`<b>${__("Total to Pay")}</b>`,
			html`<b data-amount="net">${money(net, currency)}</b>`,
		],
	];
}

function credit_label(credit) {
	if (!credit.name) return __("Payment Received, Not Yet Booked");
	return html`${__("On Account")}: ${document_link(credit)} ${muted(day(credit.date))}`;
}
