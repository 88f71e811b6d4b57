// The Credit tab: asks the server once, and puts grade, exposure, requests, holds and references together.
//
// The documents behind the exposure are asked for when somebody wants to see them.

import CustomerTab from "../shared/customer_tab";
import { muted } from "../shared/format";
import { html } from "../shared/html";
import { company_select, toolbar } from "../shared/pieces";
import { act, buttons } from "./actions";
import { documents_html, exposure_html } from "./exposure";
import { assessment_html, grade_html, trend_html } from "./grade";
import { lists_html } from "./lists";

export default class CustomerCredit extends CustomerTab {
	constructor(frm) {
		super(frm, {
			field: "cl_credit_html",
			kind: "cl-credit",
			method: "client_ledger.credit.api.customer_credit",
			failed: __("The credit figures could not be loaded"),
		});
		this.$root.on("click", "[data-part]", (event) =>
			this.toggle_documents(event.currentTarget)
		);
	}

	show(reload) {
		if (this.customer !== this.frm.doc.name) this.$root.html(String(skeleton()));
		super.show(reload);
	}

	html(data) {
		return html`${toolbar(company_select(data) || muted(data.company), buttons(data))}
			<div class="cl-credit-head">${grade_html(data)}${exposure_html(data)}</div>
			<div class="cl-part-documents" aria-live="polite"></div>
			${assessment_html(data)}
			${trend_html(data)}
			${lists_html(data)}`;
	}

	act(button) {
		act(this, button.dataset.action);
	}

	/** Show the documents of one part of the exposure, or put them away. */
	async toggle_documents(button) {
		const $place = this.$root.find(".cl-part-documents");
		const { part } = button.dataset;
		const is_open = button.getAttribute("aria-expanded") === "true";
		this.$root.find("[data-part]").attr("aria-expanded", "false");
		$place.empty();
		if (is_open) return;
		button.setAttribute("aria-expanded", "true");
		const { turn } = this;
		const rows = await this.ask("client_ledger.credit.api.customer_credit_documents", {
			part,
		});
		if (turn === this.turn && button.getAttribute("aria-expanded") === "true") {
			$place.html(String(documents_html(rows, part, this.data)));
		}
	}
}

function skeleton() {
	const card = html`<div class="cl-card"><div class="cl-skeleton cl-skeleton-text"></div>
		<div class="cl-skeleton cl-skeleton-value"></div><div class="cl-skeleton cl-skeleton-text"></div></div>`;
	return html`<div class="cl-credit-head" aria-hidden="true">${card}${card}</div>`;
}
