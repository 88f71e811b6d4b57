// The Credit tab: asks the server once and puts grade, limit, holds and history together.

import { escape } from "../customer_ledger/format";
import { act } from "./actions";
import { grade_html } from "./grade";
import { history_html, holds_html } from "./records";
import { limit_html, documents_html } from "./limit";
import { draw_trend } from "./trend";

export default class CustomerCredit {
	constructor(frm) {
		this.frm = frm;
		this.$root = $('<div class="cl-ledger cl-credit">').appendTo(
			frm.get_field("cl_credit_html").$wrapper.empty()
		);
		this.$root.on("click", "[data-action]", (event) =>
			this.act(event.currentTarget.dataset.action)
		);
		this.$root.on("change", "[data-control=company]", (event) => {
			this.company = event.currentTarget.value;
			this.load();
		});
	}

	/** Show the form's customer; asks the server only for another customer, or when told to reload. */
	show(reload) {
		if (this.customer !== this.frm.doc.name) {
			this.customer = this.frm.doc.name;
			this.company = null;
			this.$root.html(`<div class="cl-head">${skeleton()}</div>`);
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
			const data = await ask("customer_credit", {
				customer: this.customer,
				...(this.company ? { company: this.company } : {}),
			});
			if (is_current()) this.draw(data);
		} catch (error) {
			if (is_current()) this.draw_failure(error);
		} finally {
			if (is_current()) this.$root.attr("aria-busy", "false");
		}
	}

	draw(data) {
		this.data = data;
		this.company = data.company;
		this.$root.html(`
			${toolbar_html(data)}
			<div class="cl-credit-head">${grade_html(data)}${limit_html(data.exposure)}</div>
			${holds_html(data)}
			${documents_html(data.exposure)}
			${history_html(data)}
		`);
		draw_trend(this.$root, data);
	}

	draw_failure(error) {
		const reason = error && error._error_message ? escape(error._error_message) : "";
		this.loaded = false;
		this.$root.html(`<div class="cl-empty" role="alert">
			<p>${__("Credit could not be loaded")}</p>${reason ? `<p class="cl-muted">${reason}</p>` : ""}
			<button type="button" class="btn btn-default btn-sm" data-action="refresh">${__(
				"Try Again"
			)}</button>
		</div>`);
	}

	act(action) {
		if (action === "refresh") return this.load();
		if (action === "all-documents") {
			this.$root.find(".cl-exposed tr[hidden]").prop("hidden", false);
			this.$root.find("[data-action=all-documents]").remove();
			return null;
		}
		return act(action, this.data, () => this.load());
	}
}

/** Ask the server: GET to read, POST to change. */
export function ask(method, args, type = "GET") {
	return new Promise((resolve, reject) => {
		frappe.call({
			method: `client_ledger.credit_api.${method}`,
			type,
			args,
			callback: (answer) => resolve(answer.message),
			error: reject,
		});
	});
}

function toolbar_html({ companies, company, can }) {
	const options = companies.map(
		(name) =>
			`<option value="${escape(name)}" ${name === company ? "selected" : ""}>${escape(
				name
			)}</option>`
	);
	const chooser =
		companies.length > 1
			? `<select class="form-control input-sm" data-control="company" aria-label="${__(
					"Company"
			  )}">${options.join("")}</select>`
			: "";
	return `<div class="cl-toolbar">
		<div class="cl-filters">${chooser}</div>
		<div class="cl-actions">
			${button("assess", __("Assess Now"), can.assess)}
			${button("limit", __("Request Limit Change"), can.limit)}
			${button("override", __("Override Grade"), can.override)}
			${button("reference", __("Add Reference"), can.reference)}
			${button("refresh", __("Refresh"), true)}
		</div>
	</div>`;
}

function button(action, label, shown) {
	return shown
		? `<button type="button" class="btn btn-default btn-sm" data-action="${action}">${label}</button>`
		: "";
}

function skeleton() {
	return `<div class="cl-figures" aria-hidden="true">${'<div class="cl-card cl-figure"><div class="cl-skeleton cl-skeleton-text"></div><div class="cl-skeleton cl-skeleton-value"></div></div>'.repeat(
		3
	)}</div>`;
}
