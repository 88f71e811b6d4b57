// Tables of what collections are about: items, promises, disputes, contacts, cases.

import { day, document_link, escape, money } from "../customer_ledger/format";

export const COLOURS = {
	Running: "blue",
	Kept: "green",
	"Partly Kept": "orange",
	Broken: "red",
	"Settled Otherwise": "gray",
	Cancelled: "gray",
	Open: "red",
	"In Review": "orange",
	Credited: "green",
	Accepted: "green",
	Rejected: "gray",
	"Short Paid": "yellow",
	"In Progress": "orange",
	Done: "green",
	Preparing: "orange",
	"Handed Over": "red",
	Recovered: "green",
	"Written Off": "gray",
	Draft: "orange",
	Approved: "green",
};

export function pill(status) {
	return `<span class="indicator-pill ${COLOURS[status] || "gray"} cl-pill">${escape(
		__(status)
	)}</span>`;
}

export function button(action, label, data = {}, kind = "btn-default") {
	const attributes = Object.entries(data).map(
		([name, value]) => `data-${name}="${escape(value)}"`
	);
	return `<button type="button" class="btn ${kind} btn-xs" data-action="${action}" ${attributes.join(
		" "
	)}>${label}</button>`;
}

/** heads: [label, class]; rows: arrays of HTML, one per head. */
export function table(heads, rows, nothing) {
	if (!rows.length) return `<p class="cl-muted">${escape(nothing)}</p>`;
	const head = heads.map(
		([label, kind = ""]) => `<th role="columnheader" scope="col" class="${kind}">${label}</th>`
	);
	const body = rows.map(
		(cells) =>
			`<tr role="row">${cells
				.map((html, i) => {
					const [label, kind = ""] = heads[i];
					return `<td role="cell" class="${kind}" data-label="${label}">${html}</td>`;
				})
				.join("")}</tr>`
	);
	return `<table class="cl-plain cl-stacked" role="table">
		<thead role="rowgroup"><tr role="row">${head.join("")}</tr></thead>
		<tbody role="rowgroup">${body.join("")}</tbody></table>`;
}

function form_link(doctype, name) {
	return `<a href="${escape(frappe.utils.get_form_link(doctype, name))}">${escape(name)}</a>`;
}

export function items_table(items) {
	return table(
		[
			[__("Document")],
			[__("Due Date")],
			[__("Days Overdue"), "cl-number"],
			[__("Outstanding"), "cl-number"],
			[__("State")],
		],
		items.map((item) => [
			document_link(item) +
				(item.payment_term
					? ` <span class="cl-muted">${escape(item.payment_term)}</span>`
					: ""),
			day(item.due_date),
			item.days ? String(item.days) : "",
			money(item.outstanding, item.currency),
			item_state(item),
		]),
		__("Nothing is open")
	);
}

function item_state(item) {
	const parts = [];
	if (item.promised_for) {
		parts.push(
			`<span class="indicator-pill blue cl-pill">${__("Promised for {0}", [
				day(item.promised_for),
			])}</span>`
		);
	}
	if (item.disputed) {
		parts.push(
			`<span class="indicator-pill orange cl-pill">${__("In Dispute")}: ${money(
				item.disputed,
				item.currency
			)}</span>`
		);
	}
	return parts.join(" ");
}

export function planned_table(rows, may) {
	return table(
		[[__("Due Date")], [__("Subject")], [__("Channel")], [__("Owner")], [__("State")], [""]],
		rows.map((row) => [
			day(row.due_date),
			`<a href="${escape(frappe.utils.get_form_link("Follow Up", row.name))}">${escape(
				row.subject || row.name
			)}</a>`,
			escape(__(row.channel)),
			escape(row.responsible || ""),
			pill(row.workflow_state),
			may.work ? button("log", __("Log"), { "follow-up": row.name }) : "",
		]),
		__("No follow-up is planned")
	);
}

export function promises_table(rows, may) {
	return table(
		[
			[__("Promise")],
			[__("Made On")],
			[__("Due Date")],
			[__("Promised"), "cl-number"],
			[__("Received"), "cl-number"],
			[__("State")],
			[""],
		],
		rows.map((row) => [
			form_link("Promise to Pay", row.name),
			day(row.made_on),
			day(row.next_due || row.last_due),
			money(row.amount, row.currency),
			money(row.received, row.currency),
			pill(row.status),
			may.work && row.status === "Running"
				? button("cancel-promise", __("Cancel"), { name: row.name })
				: "",
		]),
		__("Nothing was promised yet")
	);
}

export function disputes_table(rows, may) {
	return table(
		[
			[__("Dispute")],
			[__("Reason")],
			[__("Opened On")],
			[__("Disputed"), "cl-number"],
			[__("Owner")],
			[__("State")],
			[""],
		],
		rows.map((row) => [
			form_link("Ledger Dispute", row.name),
			escape(__(row.reason)),
			day(row.opened_on),
			money(row.amount, row.currency),
			escape(row.responsible || ""),
			pill(row.status) +
				(row.resolution ? `<div class="cl-muted">${escape(row.resolution)}</div>` : ""),
			may.resolve && row.running ? button("settle", __("End"), { name: row.name }) : "",
		]),
		__("Nothing is in dispute")
	);
}

export function history_table(rows) {
	return table(
		[[__("Date")], [__("Channel")], [__("Outcome")], [__("Notes")], [__("Done By")]],
		rows.map((row) => [
			day(row.done_on.slice(0, 10)),
			escape(__(row.channel)),
			`<a href="${escape(frappe.utils.get_form_link("Follow Up", row.name))}">${escape(
				__(row.outcome)
			)}</a>`,
			escape(row.notes),
			escape(row.done_by || ""),
		]),
		__("Nobody has been in contact yet")
	);
}

export function cases_table(rows) {
	return table(
		[[__("Document")], [__("Type")], [__("Date")], [__("Amount"), "cl-number"], [__("State")]],
		rows.map((row) => [
			form_link(row.doctype, row.name),
			escape(__(row.kind)),
			day(row.date),
			money(row.amount, row.currency),
			pill(row.status),
		]),
		__("Nothing was handed over")
	);
}
