// The Credit tab: asks the server once, and puts grade, exposure, requests, holds and references together.
//
// The documents behind the exposure are asked for when somebody wants to see them.

import { escape } from "../customer_ledger/format";
import CustomerTab from "../customer_ledger/tab";
import { act, buttons_html } from "./actions";
import { documents_html, exposure_html } from "./exposure";
import { assessment_html, grade_html, trend_html } from "./grade";
import { lists_html } from "./lists";

export default class CustomerCredit extends CustomerTab {
	constructor(frm) {
		super(frm, {
			field: "cl_credit_html",
			kind: "cl-credit",
			failed: __("The credit figures could not be loaded"),
		});
		this.$root.on("click", "[data-part]", (event) =>
			this.toggle_documents(event.currentTarget)
		);
	}

	show(reload) {
		if (this.customer !== this.frm.doc.name) this.$root.html(skeleton());
		super.show(reload);
	}

	ask(args) {
		return this.call("customer_credit", args);
	}

	/** Ask for more about the customer with the company that is shown. */
	call(method, more = {}, type = "GET") {
		const args = { customer: this.customer, ...more };
		if (this.company) args.company = this.company;
		return new Promise((resolve, reject) => {
			frappe.call({
				method: `client_ledger.credit.api.${method}`,
				type,
				args,
				freeze: type === "POST",
				callback: (answer) => resolve(answer.message),
				error: reject,
			});
		});
	}

	html(data) {
		return `
			<div class="cl-credit-bar">${companies_html(data)}${buttons_html(data)}</div>
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
		const rows = await this.call("customer_credit_documents", { part });
		if (turn === this.turn && button.getAttribute("aria-expanded") === "true") {
			$place.html(documents_html(rows, part, this.data));
		}
	}
}

function companies_html({ companies, company }) {
	if (companies.length < 2) return `<span class="cl-muted">${escape(company)}</span>`;
	const options = companies.map(
		(name) =>
			`<option value="${escape(name)}" ${name === company ? "selected" : ""}>${escape(
				name
			)}</option>`
	);
	return `<select class="form-control input-sm cl-company" data-control="company" aria-label="${__(
		"Company"
	)}">${options.join("")}</select>`;
}

function skeleton() {
	const card = `<div class="cl-card"><div class="cl-skeleton cl-skeleton-text"></div>
		<div class="cl-skeleton cl-skeleton-value"></div><div class="cl-skeleton cl-skeleton-text"></div></div>`;
	return `<div class="cl-credit-head" aria-hidden="true">${card.repeat(2)}</div>`;
}
