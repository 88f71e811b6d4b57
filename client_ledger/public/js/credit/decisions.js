// What is decided in credit, in dialogs: a hold released or rejected, a requested limit approved. The server checks again.

import { ask, attempt } from "../shared/ask";
import { form_link, status_pill } from "../shared/format";
import { html } from "../shared/html";
import { table } from "../shared/pieces";
import { prompt } from "../shared/prompt";

/** hold: {name, reference_name}; done: called with the hold's new status. */
export function release_hold(hold, done = () => {}) {
	prompt({
		title: __("Release {0}", [hold.reference_name]),
		label: __("Release Hold"),
		fields: release_fields(),
		send: (values) => send_decision("client_ledger.credit.api.release_hold", hold, values),
		done: (status) => decided(status, done),
	});
}

/** Release a hold and submit its document; where the submit is refused, it stays released and is said why. */
export function release_and_submit(hold, done = () => {}) {
	prompt({
		title: __("Release and Submit {0}", [hold.reference_name]),
		label: __("Release and Submit"),
		fields: release_fields(),
		send: (values) =>
			send_decision("client_ledger.credit.api.release_and_submit", hold, values),
		done(answer) {
			if (answer.submitted) {
				const message = __("{0} was released and submitted", [hold.reference_name]);
				frappe.show_alert({ message: String(html`${message}`), indicator: "green" });
			} else {
				tell_not_submitted(hold, answer.reason);
			}
			done(answer.status);
		},
	});
}

function tell_not_submitted({ reference_name }, reason) {
	const text = __("{0} was released but not submitted: {1}", [reference_name, reason]);
	frappe.msgprint({
		title: __("Not Submitted"),
		message: String(html`${text}`),
		indicator: "orange",
	});
}

export function reject_hold(hold, done = () => {}) {
	prompt({
		title: __("Reject {0}", [hold.reference_name]),
		label: __("Reject"),
		fields: reason_field(),
		send: (values) => send_decision("client_ledger.credit.api.reject_hold", hold, values),
		done: (status) => decided(status, done),
	});
}

/** Release the holds *names* for one reason, and say what became of each. */
export function release_holds(names, done = () => {}) {
	prompt({
		title: __("Release Credit Holds ({0})", [names.length]),
		label: __("Release"),
		fields: release_fields(),
		send: (values) =>
			ask("client_ledger.credit.api.release_holds", { names, ...values }, "POST", {
				freeze: true,
			}),
		done: (rows) => decided_each(rows, done),
	});
}

/** Reject the holds *names* for one reason, and say what became of each. */
export function reject_holds(names, done = () => {}) {
	prompt({
		title: __("Reject Credit Holds ({0})", [names.length]),
		label: __("Reject"),
		fields: reason_field(),
		send: (values) =>
			ask("client_ledger.credit.api.reject_holds", { names, ...values }, "POST", {
				freeze: true,
			}),
		done: (rows) => decided_each(rows, done),
	});
}

function reason_field() {
	return { fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 };
}

function release_fields() {
	return [
		reason_field(),
		{
			fieldname: "grace_days",
			fieldtype: "Int",
			label: __("Grace Period (Days)"),
			default: 14,
			description: __(
				"During this time the document and the deliveries and invoices created from it pass the credit check."
			),
		},
	];
}

function decided_each(rows, done) {
	const number = rows.filter((row) => row.done).length;
	frappe.msgprint({
		title: __("{0} of {1} decided", [number, rows.length]),
		message: String(results(rows)),
		indicator: number === rows.length ? "green" : "orange",
		wide: true,
	});
	done();
}

function results(rows) {
	const outcome = (row) =>
		row.done
			? html`<span class="text-nowrap">${status_pill("Credit Hold", row.status)}</span>`
			: html`<span class="text-danger">${__("Not decided")}: ${row.reason}</span>`;
	return table(
		[[__("Document", null, "Client Ledger")], [__("Customer")], [__("Result")]],
		rows.map((row) => [
			form_link("Credit Hold", row.name, row.reference_name || row.name),
			row.customer_name,
			outcome(row),
		]),
		"",
		"table table-sm cl-decided"
	);
}

export async function reevaluate_hold(hold, done = () => {}) {
	decided(await send_decision("client_ledger.credit.api.reevaluate_hold", hold), done);
}

/** request: {doctype, name, customer_name, text}: a Credit Limit or a Credit Reference, and what it asks for. */
export function approve_request({ doctype, name, customer_name, text }, done = () => {}) {
	const method =
		doctype === "Credit Limit"
			? "client_ledger.credit.api.approve_limit"
			: "client_ledger.credit.api.approve_reference";
	const question = __("Approve {0} for {1}?", [text, customer_name]);
	frappe.confirm(String(html`${question}`), async () => {
		if (!(await attempt(() => ask(method, { name }, "POST", { freeze: true })))) return;
		frappe.show_alert({ message: __("Approved"), indicator: "green" });
		done();
	});
}

const send_decision = (method, { name }, values = {}) =>
	ask(method, { name, ...values }, "POST", { freeze: true });

function decided(status, done) {
	frappe.show_alert({ message: __(status), indicator: "blue" });
	done(status);
}
