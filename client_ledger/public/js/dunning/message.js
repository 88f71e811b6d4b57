// The message of a notice in a dialog: as it went out, or as it would.

import { ask } from "../shared/ask";
import { money } from "../shared/format";
import { html } from "../shared/html";

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
	show_letter(dialog.$body.find(".cl-letter-place"), letter.message);
	dialog.show();
}

/** Show a message in a frame of its own without scripts: a template is somebody's text, not ours. */
export function show_letter($place, message) {
	$place.html(
		String(html`<iframe class="cl-letter-body" sandbox="" title="${__("Message")}"
			style="width:100%;min-height:380px;border:1px solid var(--border-color);border-radius:8px;background:#fff"></iframe>`)
	);
	$place.find("iframe").attr("srcdoc", message);
}
