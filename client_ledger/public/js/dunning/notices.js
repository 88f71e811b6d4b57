// A table of notices: status, step, amount, why not; each opens its message.

import { day, form_link, money, status_pill } from "../shared/format";
import { html, joined } from "../shared/html";
import { small_button, table } from "../shared/pieces";

export function notice_status({ status }) {
	return status_pill("Ledger Notice", status);
}

/** Rows with the customer's name where *with_customer*, with a box to choose each where *choosable*. */
export function notice_table(rows, nothing, { with_customer = false, choosable = false } = {}) {
	const columns = [
		choosable && { head: choose_all(), cell: choose_box },
		with_customer && { head: __("Customer"), cell: customer_link },
		{ head: __("Step Due On"), cell: (row) => day(row.as_of) },
		{ head: __("Step"), cell: (row) => __(row.step_name) },
		{ head: __("Channel"), cell: (row) => __(row.channel) },
		{ head: __("Total"), cell: (row) => money(row.total, row.currency), kind: "cl-number" },
		{ head: __("Status"), cell: (row) => html`${notice_status(row)}${why(row)}` },
		{ head: "", cell: open_button },
	].filter(Boolean);
	return table(
		columns.map(({ head, kind }) => [head, kind]),
		rows.map((row) => columns.map(({ cell }) => cell(row))),
		nothing,
		"cl-notices"
	);
}

function choose_all() {
	return html`<input type="checkbox" data-action="choose-all" aria-label="${__("Select All")}">`;
}

function choose_box({ name, customer_name }) {
	return html`<input type="checkbox" data-choose="${name}" aria-label="${customer_name}">`;
}

function customer_link({ customer, customer_name }) {
	return form_link("Customer", customer, customer_name);
}

function why({ status, reason, deferred_until, contact_on, reason_detail, edited_by }) {
	const parts = [
		reason && __(reason),
		status === "Deferred" &&
			deferred_until &&
			__("not before {0}", [day(deferred_until.slice(0, 10))]),
		status === "Sent" && day(contact_on),
		reason_detail,
		edited_by && __("Edited by {0}", [frappe.user.full_name(edited_by)]),
	].filter(Boolean);
	return parts.length ? html`<div class="cl-muted">${joined(parts, " · ")}</div>` : "";
}

/** A planned notice has a name; one that would be planned is made again from its customer. */
function open_button({ name, status, kind, customer, currency }) {
	if (status === "Skipped" || kind === "Acknowledgement") return "";
	return name
		? small_button("message", __("Message"), { name })
		: small_button("preview-of", __("Message"), { customer, currency });
}
