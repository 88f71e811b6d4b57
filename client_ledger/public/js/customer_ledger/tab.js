// A tab of the Customer form that is drawn from one answer of the server: asked for when the tab is opened, and again for
// another customer, another company or when told to reload. Its view says what to ask (ask), draw (html) and do (act).

export default class CustomerTab {
	/** field: of the form, that holds the tab; kind: its class; failed: what to say where the answer did not come. */
	constructor(frm, { field, kind, failed }) {
		this.frm = frm;
		this.failed = failed;
		this.$root = $(`<div class="cl-ledger ${kind}">`).appendTo(
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
		const args = { customer: this.customer };
		if (this.company) args.company = this.company;
		try {
			const data = await this.ask(args);
			if (turn !== this.turn) return;
			this.data = data;
			this.company = data.company;
			this.$root.html(this.html(data));
		} catch {
			if (turn === this.turn) this.draw_failure();
		} finally {
			if (turn === this.turn) this.$root.attr("aria-busy", "false");
		}
	}

	draw_failure() {
		this.loaded = false;
		this.$root.html(`<div class="cl-empty" role="alert">
			<p>${this.failed}</p>
			<button type="button" class="btn btn-default btn-sm" data-action="refresh">${__(
				"Try Again"
			)}</button>
		</div>`);
	}
}
