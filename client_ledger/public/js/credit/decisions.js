// What is decided in credit, in dialogs: a hold released or rejected, a requested limit approved. The server checks again.

import { ask, attempt } from "../shared/ask";
import { html } from "../shared/html";

/** hold: {name, reference_name}; done: called with the hold's new status. */
export function release_hold(hold, done = () => {}) {
	frappe.prompt(
		[
			{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
			{
				fieldname: "grace_days",
				fieldtype: "Int",
				label: __("Grace Period (Days)"),
				default: 14,
				description: __(
					"During this time the document and the deliveries and invoices created from it pass the credit check."
				),
			},
		],
		(values) => decide("client_ledger.credit.api.release_hold", hold, values, done),
		__("Release {0}", [hold.reference_name]),
		__("Release Hold")
	);
}

export function reject_hold(hold, done = () => {}) {
	frappe.prompt(
		[{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 }],
		(values) => decide("client_ledger.credit.api.reject_hold", hold, values, done),
		__("Reject {0}", [hold.reference_name]),
		__("Reject")
	);
}

export function reevaluate_hold(hold, done = () => {}) {
	return decide("client_ledger.credit.api.reevaluate_hold", hold, {}, done);
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

async function decide(method, { name }, values, done) {
	let status;
	const decided = await attempt(async () => {
		status = await ask(method, { name, ...values }, "POST", { freeze: true });
	});
	if (!decided) return;
	frappe.show_alert({ message: __(status), indicator: "blue" });
	done(status);
}
