// What can be done about a customer's dunning: write now, pause until a day, lift a block or a hold.

import { ask } from "../shared/ask";
import { money } from "../shared/format";
import { html, joined } from "../shared/html";

const REASONS = [
	"Dispute",
	"Promise to Pay",
	"Payment Plan",
	"Goodwill",
	"Our Error",
	"Insolvency",
	"Opted Out",
	"Other",
];

/** Write to the customer now, after a question that says what and how much. */
export function send_now(data, done) {
	const rows = data.under_way.length ? data.under_way : data.next.filter((row) => !row.reason);
	const what = rows.map(
		(row) => `${__(row.step_name || row.step)}: ${money(row.total, row.currency)}`
	);
	frappe.confirm(String(joined([__("Send this notice now?"), ...what])), async () => {
		const rows = await ask("client_ledger.dunning.api.customer_send_now", {
			customer: data.customer,
			company: data.company,
		});
		frappe.msgprint({ title: __("Send Now"), message: String(results(rows)) });
		done();
	});
}

function results(rows) {
	if (!rows.length) return html`${__("Nothing is due from this customer today.")}`;
	return joined(rows.map(result));
}

function result({ status, reason, reason_detail, deferred_until }) {
	const detail = [reason && __(reason), reason_detail].filter(Boolean).join(", ");
	const until = deferred_until
		? ` (${__("not before {0}", [frappe.datetime.str_to_user(deferred_until)])})`
		: "";
	return `${__(status)}${detail ? `: ${detail}` : ""}${until}`;
}

/** Block the customer's dunning until a day, with a reason. */
export function pause(data, done) {
	const dialog = new frappe.ui.Dialog({
		title: __("Pause Dunning"),
		fields: [
			{
				fieldname: "until",
				fieldtype: "Date",
				label: __("Until"),
				reqd: 1,
				default: frappe.datetime.add_days(data.today, 7),
			},
			{
				fieldname: "reason",
				fieldtype: "Select",
				label: __("Reason"),
				options: REASONS.map((value) => ({ value, label: __(value) })),
				reqd: 1,
			},
			{ fieldname: "details", fieldtype: "Small Text", label: __("Details") },
		],
		primary_action_label: __("Pause"),
		async primary_action({ until, reason, details }) {
			await ask("client_ledger.dunning.api.customer_pause", {
				customer: data.customer,
				company: data.company,
				until,
				reason,
				details: details || "",
			});
			dialog.hide();
			done();
		},
	});
	dialog.show();
}

/** Lift the hold that a step has put on the customer's documents, for a reason. */
export function lift_hold(name, done) {
	frappe.prompt(
		{ fieldname: "why", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		async ({ why }) => {
			await ask("client_ledger.dunning.api.lift_holds", { names: [name], why });
			done();
		},
		__("Lift Hold"),
		__("Lift Hold")
	);
}

export async function lift(name, done) {
	await ask("client_ledger.dunning.api.lift_block", { name });
	done();
}
