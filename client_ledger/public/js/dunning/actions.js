// What can be done about a customer's dunning: write now, pause until a day, lift a block or a hold.

import { ask, attempt } from "../shared/ask";
import { money } from "../shared/format";
import { html, joined } from "../shared/html";
import LetterEditor from "./letter_editor";
import { prompt } from "../shared/prompt";

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

/** Write to the customer now, once whoever sends it has seen, and may have edited, what goes out and to whom. */
export async function send_now(data, done) {
	const rows = data.under_way.length
		? data.under_way
		: data.next.filter((row) => !row.reason && row.on <= data.today);
	const load = () => Promise.all(rows.map((row) => letter_of(data, row)));
	let letters;
	const shown = await attempt(async () => {
		letters = await load();
	});
	if (!shown) return;
	const dialog = new frappe.ui.Dialog({
		title: __("Send this notice now?"),
		size: "large",
		primary_action_label: __("Send Now"),
		async primary_action() {
			dialog.disable_primary_action();
			const edited = editors.map((editor, i) => with_currency(editor.edited(), rows[i]));
			let sent;
			const { customer, company } = data;
			const method = "client_ledger.dunning.api.customer_send_now";
			const args = { customer, company, letters: edited.filter(Boolean) };
			const done_it = await attempt(async () => {
				sent = await ask(method, args, "POST", { freeze: true });
			});
			dialog.enable_primary_action();
			if (!done_it) {
				await attempt(async () => {
					const renewed = await load();
					editors.forEach((editor, i) => editor.renew(renewed[i]));
				});
				return;
			}
			dialog.hide();
			frappe.msgprint({ title: __("Send Now"), message: String(results(sent)) });
			done();
		},
	});
	const $letters = $(document.createElement("div")).addClass("cl-letters");
	dialog.$body.empty().append($letters);
	const editors = letters.map((letter, i) => {
		const $place = $(document.createElement("div")).appendTo($letters);
		return new LetterEditor($place, letter, { caption: letter_head(rows[i]) });
	});
	dialog.show();
}

const with_currency = (edited, { currency }) => edited && { ...edited, currency };

/** A notice that is under way has its own message, planned or not; else what would be written today. */
function letter_of({ customer, company }, { name, currency }) {
	return name
		? ask("client_ledger.outbox.api.notice_message", { name }, "GET")
		: ask(
				"client_ledger.dunning.api.customer_message",
				{ customer, company, currency },
				"GET"
		  );
}

const letter_head = (row) =>
	html`<p><b>${__(row.step_name || row.step)}: ${money(row.total, row.currency)}</b></p>`;

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
	prompt({
		title: __("Lift Hold"),
		label: __("Lift Hold"),
		fields: { fieldname: "why", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		send: ({ why }) => ask("client_ledger.dunning.api.lift_holds", { names: [name], why }),
		done: () => done(),
	});
}

export async function lift(name, done) {
	await ask("client_ledger.dunning.api.lift_block", { name });
	done();
}
