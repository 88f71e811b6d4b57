// The message of a notice in a dialog: as it went out, or as it would.

import { escape, money } from "../customer_ledger/format";
import { ask } from "./ask";

export async function show_message(name) {
	show(await ask("outbox.api.notice_message", { name }, "GET"));
}

export async function show_preview({ customer, company }, currency) {
	const args = { customer, company, currency };
	show(await ask("customer_message", args, "GET"), currency);
}

function show(letter, currency) {
	const dialog = new frappe.ui.Dialog({ title: escape(__(letter.step)), size: "large" });
	const charges = letter.fee || letter.interest;
	const note = charges
		? `<p class="text-muted">${__("Fee {0}, interest {1}", [
				money(letter.fee, currency),
				money(letter.interest, currency),
		  ])}</p>`
		: "";
	dialog.$body.html(`<div class="cl-letter">
		<p><span class="text-muted">${__("To")}</span> ${escape(letter.to || __("No Address"))}</p>
		<p><b>${escape(letter.subject)}</b></p>${note}
		<iframe class="cl-letter-body" sandbox="" title="${__("Message")}"
			style="width:100%;min-height:360px;border:1px solid var(--border-color);border-radius:8px;background:#fff"></iframe>
	</div>`);
	// In a frame of its own without scripts: a template is somebody's text, not ours.
	dialog.$body.find("iframe").attr("srcdoc", letter.message);
	dialog.show();
}
