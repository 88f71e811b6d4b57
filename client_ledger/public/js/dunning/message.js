// The message of a notice in a dialog: as it went out, or as it would.

import { ask } from "../shared/ask";
import { money } from "../shared/format";
import { html } from "../shared/html";
import { letter_frame } from "../shared/letter";

export async function show_message(name) {
	show(await ask("client_ledger.outbox.api.notice_message", { name }, "GET"));
}

export async function show_preview({ customer, company }, currency) {
	const args = { customer, company, currency };
	show(await ask("client_ledger.dunning.api.customer_message", args, "GET"), currency);
}

function show(letter, currency) {
	const dialog = new frappe.ui.Dialog({
		title: String(html`${__(letter.step)}`),
		size: "large",
	});
	const charges = __("Fee {0}, interest {1}", [
		money(letter.fee, currency),
		money(letter.interest, currency),
	]);
	dialog.$body.html(
		String(html`<div class="cl-letter">
			<p><span class="text-muted">${__("Recipients")}</span> ${letter.to || __("No Address")}</p>
			<p><b>${letter.subject}</b></p>
			${letter.fee || letter.interest ? html`<p class="text-muted">${charges}</p>` : ""}
			<div class="cl-letter-place"></div>
		</div>`)
	);
	letter_frame(dialog.$body.find(".cl-letter-place"), letter.message);
	dialog.show();
}
