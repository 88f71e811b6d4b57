// Tables of what collections are about: items, promises, disputes, contacts, cases.

import { day, document_link, form_link, money, muted, pill, status_pill } from "../shared/format";
import { html, joined } from "../shared/html";
import { reason_of } from "../shared/reasons";
import { small_button, table } from "../shared/pieces";

export function items_table(items) {
	return table(
		[
			[__("Document", null, "Client Ledger")],
			[__("Due Date")],
			[__("Days Overdue"), "cl-number"],
			[__("Outstanding"), "cl-number"],
			[__("Status")],
		],
		items.map((item) => [
			html`${document_link(item)} ${item.payment_term && muted(item.payment_term)}`,
			day(item.due_date),
			item.days || "",
			money(item.outstanding, item.currency),
			item_state(item),
		]),
		__("No open items")
	);
}

function item_state({ promised_for, disputed, currency }) {
	return joined(
		[
			promised_for && pill(__("Promised for {0}", [day(promised_for)]), "blue"),
			disputed && pill(`${__("In Dispute")}: ${money(disputed, currency)}`, "orange"),
		].filter(Boolean),
		" "
	);
}

export function planned_table(rows, may) {
	return table(
		[
			[__("Due Date")],
			[__("Subject")],
			[__("Channel")],
			[__("Responsible User")],
			[__("Status")],
			[""],
		],
		rows.map((row) => [
			day(row.due_date),
			form_link("Follow Up", row.name, row.subject || row.name),
			__(row.channel),
			row.responsible,
			status_pill("Follow Up", row.workflow_state),
			may.work && small_button("log", __("Log Contact"), { "follow-up": row.name }),
		]),
		__("No follow-ups planned")
	);
}

export function promises_table(rows, may) {
	return table(
		[
			[__("Promise")],
			[__("Promised On")],
			[__("Due Date")],
			[__("Promised"), "cl-number"],
			[__("Amount Received"), "cl-number"],
			[__("Status")],
			[""],
		],
		rows.map((row) => [
			form_link("Promise to Pay", row.name),
			day(row.made_on),
			day(row.next_due || row.last_due),
			money(row.amount, row.currency),
			money(row.received, row.currency),
			status_pill("Promise to Pay", row.status),
			may.work &&
				row.status === "Open" &&
				small_button("cancel-promise", __("Cancel"), { name: row.name }),
		]),
		__("No promises to pay yet")
	);
}

export function disputes_table(rows, may) {
	return table(
		[
			[__("Dispute")],
			[__("Reason")],
			[__("Opened On")],
			[__("Disputed"), "cl-number"],
			[__("Responsible User")],
			[__("Status")],
			[""],
		],
		rows.map((row) => [
			form_link("Ledger Dispute", row.name),
			__(row.reason),
			day(row.opened_on),
			money(row.amount, row.currency),
			row.responsible,
			html`${status_pill("Ledger Dispute", row.status)}${
				row.resolution && html`<div class="cl-muted">${row.resolution}</div>`
			}`,
			may.resolve && row.running
				? small_button("settle", __("Resolve"), { name: row.name })
				: "",
		]),
		__("No disputes")
	);
}

export function advices_table(rows, may) {
	return table(
		[
			[__("Remittance Advice")],
			[__("Payment Date")],
			[__("Payment Reference")],
			[__("Amount"), "cl-number"],
			[__("Reminders Paused Until")],
			[__("Status")],
			[""],
		],
		rows.map((row) => [
			form_link("Remittance Advice", row.name),
			day(row.payment_date),
			row.reference,
			money(row.amount, row.currency),
			row.status === "Announced" ? day(row.pause_until) : "",
			status_pill("Remittance Advice", row.status),
			may.announce && ["Announced", "Not Received"].includes(row.status)
				? small_button("withdraw-advice", __("Withdraw"), { name: row.name })
				: "",
		]),
		__("No payments announced")
	);
}

export function receipts_table(rows) {
	return table(
		[
			[__("Receipt")],
			[__("Receipt Date")],
			[__("Amount"), "cl-number"],
			[__("Found By")],
			[__("Status")],
		],
		rows.map((row) => [
			form_link("Receipt Proposal", row.name, row.receipt),
			day(row.receipt_date),
			money(row.amount, row.currency),
			html`${[row.found_by && __(row.found_by), row.confidence && __(row.confidence)]
				.filter(Boolean)
				.join(", ")}<div class="cl-muted">${reason_of(row)}</div>`,
			status_pill("Receipt Proposal", row.status),
		]),
		__("No receipts without invoice")
	);
}

export function history_table(rows) {
	return table(
		[[__("Date")], [__("Channel")], [__("Outcome")], [__("Notes")], [__("Done By")]],
		rows.map((row) => [
			day(row.done_on.slice(0, 10)),
			__(row.channel),
			form_link("Follow Up", row.name, __(row.outcome, null, "Follow Up")),
			row.notes,
			row.done_by,
		]),
		__("No contacts logged yet")
	);
}

export function cases_table(rows) {
	return table(
		[
			[__("Document")],
			[__("Type")],
			[__("Date")],
			[__("Amount"), "cl-number"],
			[__("Status")],
		],
		rows.map((row) => [
			form_link(row.doctype, row.name),
			__(row.kind),
			day(row.date),
			money(row.amount, row.currency),
			status_pill(row.doctype, row.status),
		]),
		__("No escalation cases")
	);
}
