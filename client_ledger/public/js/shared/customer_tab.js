// A tab of the Customer form that is drawn from one answer of the server: asked for when the tab is opened, and again for
// another customer, another company or when told to reload. Its view says what to ask, how to draw (html) and do (act).

import { ask } from "./ask";
import { html } from "./html";
import { failure } from "./pieces";

export default class CustomerTab {
	/** field: of the form, that holds the tab; kind: its class; method: what answers for it (GET); failed: what to say
	 * where the answer did not come. */
	constructor(frm, { field, kind, method, failed }) {
		this.frm = frm;
		this.method = method;
		this.failed = failed;
		this.$root = $(String(html`<div class="cl-ledger ${kind}"></div>`)).appendTo(
			frm.get_field(field).$wrapper.empty()
		);
		this.$root.on("click", "[data-action]", (event) => this.act(event.currentTarget));
		this.$root.on("change", "[data-control=company]", (event) => {
			this.company = event.target.value;
			this.load();
		});
	}

	/** Show the form's customer; asks the server only for another customer, or when told to reload. */
	show(reload) {
		if (this.customer !== this.frm.doc.name) {
			this.customer = this.frm.doc.name;
			this.company = null;
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
		this.loaded = true;
		this.$root.attr("aria-busy", "true");
		try {
			const data = await this.ask(this.method);
			if (turn !== this.turn) return;
			this.data = data;
			this.company = data.company;
			this.$root.html(String(this.html(data)));
		} catch {
			if (turn === this.turn) this.draw_failure();
		} finally {
			if (turn === this.turn) this.$root.attr("aria-busy", "false");
		}
	}

	/** Ask about the customer with the company that is shown. */
	ask(method, more = {}, type = "GET") {
		const args = { customer: this.customer, ...more };
		if (this.company) args.company = this.company;
		return ask(method, args, type, { freeze: type === "POST" });
	}

	draw_failure() {
		this.loaded = false;
		this.$root.html(String(failure(this.failed)));
	}
}
