// The message of a notice in a dialog: as it went out, or as it would; before it does, it may be edited there.

import { ask, attempt } from "../shared/ask";
import { money } from "../shared/format";
import { html } from "../shared/html";
import LetterEditor from "./letter_editor";

/** done: called when the letter was edited. */
export async function show_message(name, done = () => {}) {
	show(await message_of(name), { name, done });
}

/** What would be written today of what is not planned yet: it is edited when it is sent. */
export async function show_preview({ customer, company }, currency) {
	const args = { customer, company, currency };
	const letter = await ask("client_ledger.dunning.api.customer_message", args, "GET");
	show({ ...letter, may_edit: false }, { currency });
}

const message_of = (name) => ask("client_ledger.outbox.api.notice_message", { name }, "GET");

function show(letter, { name, currency, done }) {
	const charges = __("Fee {0}, interest {1}", [
		money(letter.fee, currency),
		money(letter.interest, currency),
	]);
	const caption =
		letter.fee || letter.interest ? html`<p class="text-muted">${charges}</p>` : "";
	const dialog = new frappe.ui.Dialog({
		title: String(html`${__(letter.step)}`),
		size: "large",
	});
	const editor = new LetterEditor(dialog.$body, letter, {
		caption,
		on_edit: () => offer_saving(dialog, editor, name, done),
	});
	if (letter.may_edit && letter.edited_by) offer_restoring(dialog, name, done);
	dialog.show();
}

function offer_saving(dialog, editor, name, done) {
	dialog.set_primary_action(__("Save Letter"), async () => {
		const edited = editor.edited();
		dialog.disable_primary_action();
		const saved = await attempt(async () => {
			if (edited)
				await ask("client_ledger.outbox.api.edit_notice", { name, ...edited }, "POST", {
					freeze: true,
				});
		});
		dialog.enable_primary_action();
		if (!saved) {
			await attempt(async () => editor.renew(await message_of(name)));
			return;
		}
		dialog.hide();
		done();
	});
}

function offer_restoring(dialog, name, done) {
	dialog.set_secondary_action_label(__("Restore Template Text"));
	dialog.set_secondary_action(async () => {
		const restored = await attempt(() =>
			ask("client_ledger.outbox.api.restore_notice", { name }, "POST", { freeze: true })
		);
		if (!restored) return;
		dialog.hide();
		done();
	});
}
