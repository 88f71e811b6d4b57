// Setting up: what the site has, what it lacks, and a button for each.

frappe.pages["client-ledger-setup"].on_page_load = function (wrapper) {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Client Ledger Setup"),
		single_column: true,
	});
	frappe.require("customer_ledger.bundle.css", () => {
		wrapper.cl_view = new Setup(page);
		wrapper.cl_view.load();
	});
};

frappe.pages["client-ledger-setup"].on_page_show = function (wrapper) {
	if (wrapper.cl_view) wrapper.cl_view.load();
};

const METHODS = {
	calculate_accounts: "client_ledger.getting_started.api.calculate_accounts",
	assess_customers: "client_ledger.getting_started.api.assess_customers",
	check_backups: "client_ledger.getting_started.api.check_backups",
	run_controls: "client_ledger.getting_started.api.run_controls",
	store_month_ends: "client_ledger.getting_started.api.store_month_ends",
	make_forecasts: "client_ledger.getting_started.api.make_forecasts",
	preview_dunning: "client_ledger.getting_started.api.preview_dunning",
};

class Setup {
	constructor(page) {
		this.page = page;
		this.$root = $(
			String(client_ledger.html`<div class="cl-ledger cl-page cl-setup"></div>`)
		).appendTo(page.main);
		page.set_secondary_action(__("Refresh"), () => this.load());
		this.$root.on("click", "[data-action]", (event) => this.act(event.currentTarget));
	}

	async load() {
		if (this.$root.attr("aria-busy") === "true") return;
		this.$root.attr("aria-busy", "true");
		try {
			this.steps = await client_ledger.ask(
				"client_ledger.getting_started.api.setup_steps",
				{},
				"GET"
			);
			this.draw();
		} finally {
			this.$root.attr("aria-busy", "false");
		}
	}

	draw() {
		const { html } = client_ledger;
		const needed = this.steps.filter((step) => !step.optional || step.done);
		const done = needed.filter((step) => step.done).length;
		const label = __("{0} of {1} steps done", [done, needed.length]);
		const share = Math.round((done / needed.length) * 100);
		const content = html`<div class="cl-setup-head">
				<p>${__(
					"These steps take a new site to its first reminders. Each one is ticked when the site has what it needs."
				)}</p>
				<div class="progress" role="progressbar" aria-valuenow="${share}" aria-valuemin="0"
					aria-valuemax="100" aria-label="${label}"><div class="progress-bar" style="width:${share}%"></div></div>
				<p class="cl-muted">${label}</p>
			</div>
			<ol class="cl-setup-steps">${this.steps.map((step, i) => this.step_html(step, i))}</ol>`;
		this.$root.html(String(content));
	}

	step_html(step, i) {
		const { html, raw } = client_ledger;
		const [state, mark, word] = step.done
			? ["done", "✓", __("Done")]
			: step.optional
			  ? ["optional", "–", __("Optional")]
			  : ["todo", String(i + 1), __("To Do")];
		const first =
			this.steps.find((one) => !one.done && !one.optional && one.actions.length) === step;
		return html`<li class="cl-card cl-step cl-step-${state}" data-step="${step.key}">
			<span class="cl-step-mark" role="img" aria-label="${word}">${mark}</span>
			<div class="cl-step-text">
				<h3>${step.title} <span class="cl-step-word">${word}</span></h3>
				<p>${step.why}</p>
				<p class="cl-muted">${raw(step.found)}</p>
			</div>
			<div class="cl-step-actions">${step.actions.map((action, k) =>
				client_ledger.pieces.button("step", action.label, {
					kind: first && !k ? "btn-primary" : "btn-default",
					data: { step: i, number: k },
				})
			)}</div>
		</li>`;
	}

	async act({ dataset }) {
		const step = this.steps[dataset.step];
		const action = step.actions[dataset.number];
		if (action.new) return frappe.new_doc(action.new, action.options || {});
		if (action.route.length) {
			frappe.route_options = action.options;
			return frappe.set_route(...action.route);
		}
		const answer = await client_ledger.ask(METHODS[action.method], {});
		if (step.key === "first-run") {
			client_ledger.preview_on_load = answer;
			return frappe.set_route("Form", "Dunning Run", answer);
		}
		frappe.show_alert(__("Started in the background. Refresh this page in a moment."));
	}
}
