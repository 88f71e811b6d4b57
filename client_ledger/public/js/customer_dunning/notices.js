// A table of notices: status, step, amount, why not; each opens its message.

import { day, escape, money } from "../customer_ledger/format";

const COLOURS = {
	Planned: "blue",
	Approved: "cyan",
	Deferred: "yellow",
	Sending: "cyan",
	Sent: "green",
	Failed: "red",
	Skipped: "gray",
	Cancelled: "gray",
	Preview: "purple",
};

export function status_pill({ status }) {
	return `<span class="indicator-pill ${COLOURS[status] || "gray"} cl-pill">${escape(
		__(status)
	)}</span>`;
}

/** Rows with the customer's name where *with_customer*, with a box to choose each where *choosable*. */
export function notice_table(rows, nothing, { with_customer = false, choosable = false } = {}) {
	if (!rows.length) return `<p class="cl-muted">${escape(nothing)}</p>`;
	const head = (label, kind = "") =>
		`<th role="columnheader" scope="col" class="${kind}">${label}</th>`;
	const choose_all = `<input type="checkbox" data-action="choose-all" aria-label="${__(
		"Choose all"
	)}">`;
	return `<table class="cl-plain cl-stacked cl-notices" role="table">
		<thead role="rowgroup"><tr role="row">
			${choosable ? head(choose_all) : ""}
			${with_customer ? head(__("Customer")) : ""}
			${head(__("As of"))}${head(__("Step"))}${head(__("Channel"))}
			${head(__("Total"), "cl-number")}${head(__("Status"))}${head("")}
		</tr></thead>
		<tbody role="rowgroup">${rows
			.map((row) => notice_row(row, with_customer, choosable))
			.join("")}</tbody>
	</table>`;
}

function notice_row(row, with_customer, choosable) {
	const cell = (label, html, kind = "") =>
		`<td role="cell" class="${kind}" data-label="${label}">${html}</td>`;
	const customer = `<a href="${escape(
		frappe.utils.get_form_link("Customer", row.customer)
	)}">${escape(row.customer_name)}</a>`;
	const box = `<input type="checkbox" data-choose="${escape(row.name)}" aria-label="${escape(
		row.customer_name
	)}">`;
	return `<tr role="row" data-notice="${escape(row.name || "")}">
		${choosable ? `<td role="cell">${box}</td>` : ""}
		${with_customer ? cell(__("Customer"), customer) : ""}
		${cell(__("As of"), day(row.as_of))}
		${cell(__("Step"), escape(__(row.step_name)))}
		${cell(__("Channel"), escape(__(row.channel)))}
		${cell(__("Total"), money(row.total, row.currency), "cl-number")}
		${cell(__("Status"), status_pill(row) + why(row))}
		<td role="cell">${open_button(row)}</td>
	</tr>`;
}

function why(row) {
	const parts = [];
	if (row.reason) parts.push(escape(__(row.reason)));
	if (row.status === "Deferred" && row.deferred_until) {
		parts.push(__("not before {0}", [day(row.deferred_until.slice(0, 10))]));
	}
	if (row.status === "Sent" && row.contact_on) parts.push(day(row.contact_on));
	if (row.reason_detail) parts.push(escape(row.reason_detail));
	return parts.length ? `<div class="cl-muted">${parts.join(" · ")}</div>` : "";
}

function open_button(row) {
	if (row.status === "Skipped" || row.kind === "Thanks") return "";
	const data = row.name
		? `data-action="message" data-name="${escape(row.name)}"`
		: `data-action="preview-of" data-customer="${escape(
				row.customer
		  )}" data-currency="${escape(row.currency)}"`;
	return `<button type="button" class="btn btn-default btn-xs" ${data}>${__(
		"Message"
	)}</button>`;
}
