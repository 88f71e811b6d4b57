// The Credit tab: asks the server once, and puts grade, exposure, requests, holds and references together.
//
// The documents behind the exposure are asked for when somebody wants to see them.

import { escape } from "../customer_ledger/format";
import { act, buttons_html } from "./actions";
import { documents_html, exposure_html } from "./exposure";
import { assessment_html, grade_html, trend_html } from "./grade";
import { lists_html } from "./lists";

export default class CustomerCredit {
	constructor(frm) {
		this.frm = frm;
		this.$root = $('<div class="cl-credit">').appendTo(
			frm.get_field("cl_credit_html").$wrapper.empty()
		);
		this.listen();
	}

	/** Show the form's customer; asks the server only for another customer, or when told to reload. */
	show(reload) {
		if (this.customer !== this.frm.doc.name) {
			this.customer = this.frm.doc.name;
			this.company = null;
			this.$root.html(skeleton());
			this.load();
		} else if (reload || !this.loaded) {
			this.load();
		}
	}

	/** Have the next opening of the tab ask again. */
	forget() {
		this.loaded = false;
	}

	async load() {
		const turn = (this.turn = (this.turn || 0) + 1);
		const is_current = () => turn === this.turn && this.customer === this.frm.doc.name;
		this.loaded = true;
		this.$root.attr("aria-busy", "true");
		try {
			const data = await this.ask("customer_credit");
			if (!is_current()) return;
			this.data = data;
			this.company = data.company;
			this.draw();
		} catch (error) {
			if (is_current()) this.draw_failure(error);
		} finally {
			if (is_current()) this.$root.attr("aria-busy", "false");
		}
	}

	ask(method, more = {}, type = "GET") {
		const args = { customer: this.customer, ...more };
		if (this.company) args.company = this.company;
		return new Promise((resolve, reject) => {
			frappe.call({
				method: `client_ledger.credit_api.${method}`,
				type,
				args,
				freeze: type === "POST",
				callback: (answer) => resolve(answer.message),
				error: reject,
			});
		});
	}

	draw() {
		const { data } = this;
		this.$root.html(`
			<div class="cl-credit-bar">${companies_html(data)}${buttons_html(data)}</div>
			<div class="cl-credit-head">${grade_html(data)}${exposure_html(data)}</div>
			<div class="cl-part-documents" aria-live="polite"></div>
			${assessment_html(data)}
			${trend_html(data)}
			${lists_html(data)}`);
	}

	draw_failure(error) {
		const reason = error && error._error_message ? escape(error._error_message) : "";
		this.loaded = false;
		this.$root.html(`<div class="cl-empty" role="alert">
			<p>${__("The credit figures could not be loaded")}</p>
			${reason ? `<p class="cl-muted">${reason}</p>` : ""}
			<button type="button" class="btn btn-default btn-sm" data-action="refresh">${__(
				"Try Again"
			)}</button>
		</div>`);
	}

	listen() {
		this.$root.on("click", "[data-action]", (event) =>
			act(this, event.currentTarget.dataset.action)
		);
		this.$root.on("click", "[data-part]", (event) =>
			this.toggle_documents(event.currentTarget)
		);
		this.$root.on("change", ".cl-company", (event) => {
			this.company = event.target.value;
			this.load();
		});
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
		const rows = await this.ask("customer_credit_documents", { part });
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
	return `<select class="form-control input-sm cl-company" aria-label="${__(
		"Company"
	)}">${options.join("")}</select>`;
}

function skeleton() {
	const card = `<div class="cl-card"><div class="cl-skeleton cl-skeleton-text"></div>
		<div class="cl-skeleton cl-skeleton-value"></div><div class="cl-skeleton cl-skeleton-text"></div></div>`;
	return `<div class="cl-credit-head" aria-hidden="true">${card.repeat(2)}</div>`;
}
