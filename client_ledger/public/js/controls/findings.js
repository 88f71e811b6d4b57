// Findings of controls: the reason in the reader's language, and what can be done about one or several.

import { attempt, ask } from "../shared/ask";
import { day } from "../shared/format";

/** doc: with reason_message and reason_values; else the sentence that is stored. */
export function reason_of({ reason, reason_message, reason_values }) {
	if (!reason_message) return reason || "";
	const values =
		typeof reason_values === "string"
			? JSON.parse(reason_values || "[]")
			: reason_values || [];
	return __(reason_message, values.map(written));
}

function written(value) {
	if (value === null) return __("unlimited");
	if (value.day) return day(value.day);
	if (value.word) return __(value.word);
	return value.amount === undefined ? value : format_number(Number(value.amount), null, 2);
}

/** Ask for the reason and close findings; done: called when they are closed. */
export function close_findings(names, status, done) {
	const accepting = status === "Accepted";
	frappe.prompt(
		{
			fieldname: "why",
			fieldtype: "Small Text",
			label: __("Reason"),
			reqd: 1,
			description: accepting
				? __("Why it may stay as it is. It stays on record under your name.")
				: __("What was done. Where it is still so, the next night opens it again."),
		},
		async ({ why }) => {
			const closed = await attempt(() =>
				ask(
					"client_ledger.controls.api.close_findings",
					{ names, close_as: status, why },
					"POST",
					{
						freeze: true,
					}
				)
			);
			if (closed) done();
		},
		accepting ? __("Accept") : __("Resolve"),
		accepting ? __("Accept") : __("Resolve")
	);
}

export async function take_up(name, done) {
	if (await attempt(() => ask("client_ledger.controls.api.take_up_finding", { name }))) done();
}

export function reopen(name, done) {
	frappe.prompt(
		{ fieldname: "why", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		async ({ why }) => {
			if (
				await attempt(() =>
					ask("client_ledger.controls.api.reopen_finding", { name, why })
				)
			)
				done();
		},
		__("Reopen"),
		__("Reopen")
	);
}

/** Have all controls look now, in the background. */
export async function run_now(company) {
	const asked = await attempt(() =>
		ask("client_ledger.controls.api.run_controls", company ? { company } : {})
	);
	if (asked) frappe.show_alert(__("The controls are running in the background."));
}
