// Where to pay: online where the company has a gateway, by transfer with its reference, and by code.

import { html } from "../shared/html";

export function pay_html(texts, app, { bank, reference, qr, online, hint }) {
	const line = (key, value) =>
		value
			? html`<div class="cp-detail"><dt>${texts[key]}</dt><dd><span>${value}</span>
				<button type="button" class="cp-link" data-copy="${value}" aria-label="${app.fill(
					"copy_of",
					texts[key]
				)}">${texts.copy}</button></dd></div>`
			: "";
	const rows =
		bank &&
		["holder", "bank", "iban", "account_no", "branch_code", "swift"].map((key) =>
			line(key, bank[key])
		);
	return html`${
		online
			? html`<p><button type="button" class="cp-button cp-first" data-more="online">${texts.pay_online}</button></p>
				<div data-place></div>`
			: ""
	}
	<h3>${texts.pay_by_transfer}</h3>
	${
		bank
			? html`<dl class="cp-details">${rows}${line("payment_reference", reference)}</dl>`
			: html`<p>${texts.no_bank}</p>`
	}
	${
		qr
			? html`<figure class="cp-qr"><img src="${qr.image}" alt="${
					texts.qr_alt
			  }"><figcaption>${qr.hint || texts.qr_hint}</figcaption></figure>`
			: ""
	}
	${hint ? html`<p class="cp-quiet">${hint}</p>` : ""}
	<p class="cp-quiet">${texts.then_tell}</p>`;
}
