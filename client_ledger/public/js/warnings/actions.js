// What can be done about a warning: dialogs that the form, the Collections tab and the home page share.

import { ask } from "../shared/ask";
import { form_link } from "../shared/format";
import { fill, joined } from "../shared/html";
import { prompt } from "../shared/prompt";

const ACTIONS = [
	"Call",
	"Visit",
	"Lower the Credit Limit",
	"Hold Orders and Deliveries",
	"Ask for Prepayment",
	"Review",
];
const REASONS = ["No Longer True", "Known and Accepted", "False Alarm", "Done"];

function choices(values) {
	return values.map((value) => ({ value, label: __(value) }));
}

/** row: name, customer, proposed_action. done: called when something was done. */
export function act_on(row, done) {
	const dialog = new frappe.ui.Dialog({
		title: __("Act on Warning"),
		fields: [
			{
				fieldname: "action",
				fieldtype: "Select",
				label: __("Action"),
				options: choices(row.customer ? ACTIONS : ["Review"]),
				default: row.customer ? row.proposed_action : "Review",
				reqd: 1,
			},
			{
				fieldname: "amount",
				fieldtype: "Currency",
				label: __("New Limit"),
				depends_on: "eval:doc.action === 'Lower the Credit Limit'",
				mandatory_depends_on: "eval:doc.action === 'Lower the Credit Limit'",
				description: __("Requested; another user approves it."),
			},
			{
				fieldname: "due_date",
				fieldtype: "Date",
				label: __("Due Date"),
				depends_on: "eval:['Call', 'Visit', 'Ask for Prepayment'].includes(doc.action)",
			},
			{ fieldname: "remark", fieldtype: "Small Text", label: __("Remark") },
		],
		primary_action_label: __("Act", null, "Client Ledger"),
		async primary_action({ action, amount, due_date, remark }) {
			const made = await ask(
				"client_ledger.early_warnings.api.act_on_warning",
				{ name: row.name, action, amount, due_date, remark: remark || "" },
				"POST",
				{ freeze: true, btn: dialog.get_primary_btn() }
			);
			dialog.hide();
			if (made.name) {
				const link = form_link(made.doctype, made.name);
				frappe.show_alert(
					String(fill(__("{0} {1} was made."), [__(made.doctype), link])),
					10
				);
			}
			done();
		},
	});
	dialog.show();
}

export function snooze(row, done) {
	prompt({
		title: __("Snooze"),
		label: __("Snooze"),
		fields: [
			{
				fieldname: "until",
				fieldtype: "Date",
				label: __("Until"),
				default: frappe.datetime.add_days(frappe.datetime.get_today(), 14),
				reqd: 1,
			},
			{ fieldname: "why", fieldtype: "Small Text", label: __("Reason") },
		],
		send: ({ until, why }) =>
			ask("client_ledger.early_warnings.api.snooze_warning", {
				name: row.name,
				until,
				why: why || "",
			}),
		done: () => done(),
	});
}

const close_fields = () => [
	{
		fieldname: "because",
		fieldtype: "Select",
		label: __("Reason"),
		options: choices(REASONS),
		reqd: 1,
	},
	{
		fieldname: "remark",
		fieldtype: "Small Text",
		label: __("Remark"),
		mandatory_depends_on: "eval:['Known and Accepted', 'Done'].includes(doc.because)",
	},
];

export function close(row, done) {
	prompt({
		title: __("Close Warning"),
		label: __("Close Warning"),
		fields: close_fields(),
		send: ({ because, remark }) =>
			ask("client_ledger.early_warnings.api.close_warning", {
				name: row.name,
				because,
				remark: remark || "",
			}),
		done: () => done(),
	});
}

/** Close several for one reason, and say which were not closed. */
export function close_many(names, done) {
	prompt({
		title: __("Close Warnings"),
		label: __("Close Warnings"),
		fields: close_fields(),
		send: ({ because, remark }) =>
			ask(
				"client_ledger.early_warnings.api.close_warnings",
				{ names, because, remark: remark || "" },
				"POST",
				{ freeze: true }
			),
		done(tried) {
			const refused = tried.filter(({ reason }) => reason);
			if (refused.length) {
				const lines = joined(refused.map(({ name, reason }) => `${name}: ${reason}`));
				frappe.msgprint({ title: __("Not Closed"), message: String(lines) });
			} else {
				frappe.show_alert(__("{0} warnings were closed.", [tried.length]));
			}
			done();
		},
	});
}

export async function reopen(row, done) {
	await ask("client_ledger.early_warnings.api.reopen_warning", { name: row.name });
	done();
}

export function give(row, done) {
	prompt({
		title: __("Assign"),
		label: __("Assign"),
		fields: [
			{
				fieldname: "user",
				fieldtype: "Link",
				options: "User",
				label: __("Responsible"),
				reqd: 1,
			},
		],
		send: ({ user }) =>
			ask("client_ledger.early_warnings.api.give_warning", { name: row.name, user }),
		done: () => done(),
	});
}
