// The statement by mail: shown as it would go out, with recipients, subject and opening lines to change before it does.

import { ask, attempt } from "../shared/ask";
import { letter_frame } from "../shared/letter";
import { coverage_fields } from "./coverage";

const TYPING = 400;

/** who: {customer, company}; done: called when it was sent. */
export async function send_statement({ customer, company }, done = () => {}) {
	let mail;
	const about = { customer, company };
	const shown = await attempt(async () => {
		mail = await ask("client_ledger.statement_runs.api.statement_preview", about, "GET", {
			freeze: true,
		});
	});
	if (!shown) return;
	const dialog = new frappe.ui.Dialog({
		title: __("Send Statement"),
		size: "large",
		fields: [
			{
				fieldname: "recipients",
				fieldtype: "Data",
				label: __("Recipients"),
				default: mail.recipients,
				reqd: 1,
			},
			{
				fieldname: "subject",
				fieldtype: "Data",
				label: __("Subject"),
				default: mail.subject,
				reqd: 1,
			},
			{
				fieldname: "opening",
				fieldtype: "Small Text",
				label: __("Opening Lines"),
				default: mail.opening,
				reqd: 1,
			},
			...coverage_fields(),
			{
				fieldname: "letter",
				fieldtype: "HTML",
				label: __("Preview"),
			},
		],
		primary_action_label: __("Send"),
		async primary_action({ recipients, subject, opening, coverage, from_date, as_of }) {
			dialog.disable_primary_action();
			let address;
			const sent = await attempt(async () => {
				const args = {
					...about,
					recipients,
					subject,
					opening,
					...covered(coverage, from_date, as_of),
				};
				address = await ask(
					"client_ledger.statement_runs.api.send_statement",
					args,
					"POST",
					{
						freeze: true,
					}
				);
			});
			dialog.enable_primary_action();
			if (!sent) return;
			dialog.hide();
			frappe.show_alert({
				message: __("Statement queued for {0}", [frappe.utils.escape_html(address)]),
				indicator: "green",
			});
			done();
		},
	});
	const $letter = dialog.get_field("letter").$wrapper;
	letter_frame($letter, mail.html, __("Attachment: {0}", [mail.attachment]));
	dialog.show();
	let turn = 0;
	const redraw = frappe.utils.debounce(async () => {
		const mine = ++turn;
		const { coverage, from_date, as_of } = dialog.get_values(true);
		const args = { ...about, ...covered(coverage, from_date, as_of) };
		const typed = dialog.get_field("opening").$input.val();
		// Lines that nobody has changed go with what the statement covers.
		if (typed !== mail.opening) args.opening = typed;
		await attempt(async () => {
			const changed = await ask(
				"client_ledger.statement_runs.api.statement_preview",
				args,
				"POST"
			);
			// What was typed while the server answered stays, and is drawn next.
			if (mine !== turn || typed !== dialog.get_field("opening").$input.val()) return;
			$letter.find("iframe").attr("srcdoc", changed.html);
			if (dialog.get_value("subject") === mail.subject)
				dialog.set_value("subject", changed.subject);
			if (!args.opening) dialog.set_value("opening", changed.opening);
			Object.assign(mail, { subject: changed.subject });
			if (!args.opening) mail.opening = changed.opening;
		});
	}, TYPING);
	dialog.get_field("opening").$input.on("input", redraw);
	for (const name of ["coverage", "from_date", "as_of"]) {
		dialog.get_field(name).df.onchange = redraw;
	}
}

/** What is asked for, without what does not go with it. */
function covered(coverage, from_date, as_of) {
	return {
		coverage,
		as_of,
		...(from_date && coverage !== "Open Items" ? { from_date } : {}),
	};
}
