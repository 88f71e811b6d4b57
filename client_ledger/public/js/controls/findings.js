// Findings of controls: the reason in the reader's language, and what can be done about one or several.

import { attempt, ask } from "../shared/ask";
import { reason_of as stored_reason } from "../shared/reasons";
import { prompt } from "../shared/prompt";

/** The reason of a finding; what has no value has no limit. */
export const reason_of = (doc) => stored_reason(doc, __("unlimited"));

/** Ask for the reason and close findings; done: called when they are closed. */
export function close_findings(names, status, done) {
	const accepting = status === "Accepted";
	prompt({
		title: accepting ? __("Accept") : __("Resolve"),
		label: accepting ? __("Accept") : __("Resolve"),
		fields: {
			fieldname: "why",
			fieldtype: "Small Text",
			label: __("Reason"),
			reqd: 1,
			description: accepting
				? __("Why it may stay as it is. It stays on record under your name.")
				: __("What was done. Where it is still so, the next night opens it again."),
		},
		send: ({ why }) =>
			ask(
				"client_ledger.controls.api.close_findings",
				{ names, close_as: status, why },
				"POST",
				{ freeze: true }
			),
		done: () => done(),
	});
}

export async function take_up(name, done) {
	if (await attempt(() => ask("client_ledger.controls.api.take_up_finding", { name }))) done();
}

export function reopen(name, done) {
	prompt({
		title: __("Reopen"),
		label: __("Reopen"),
		fields: { fieldname: "why", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		send: ({ why }) => ask("client_ledger.controls.api.reopen_finding", { name, why }),
		done: () => done(),
	});
}

/** Have all controls look now, in the background. */
export async function run_now(company) {
	const asked = await attempt(() =>
		ask("client_ledger.controls.api.run_controls", company ? { company } : {})
	);
	if (asked) frappe.show_alert(__("The controls are running in the background."));
}
