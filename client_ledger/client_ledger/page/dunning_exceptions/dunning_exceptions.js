// What did not go out, and why: by reason, what needs a person first, with the action that mends it.

frappe.pages["dunning-exceptions"].on_page_load = function (wrapper) {
	const page = frappe.ui.make_app_page({
		parent: wrapper,
		title: __("Dunning Exceptions"),
		single_column: true,
	});
	frappe.require(["customer_ledger.bundle.css", "customer_dunning.bundle.js"], () => {
		wrapper.cl_view = new Exceptions(page);
		wrapper.cl_view.show();
	});
};

frappe.pages["dunning-exceptions"].on_page_show = function (wrapper) {
	if (wrapper.cl_view) wrapper.cl_view.show();
};

class Exceptions {
	constructor(page) {
		this.page = page;
		this.$root = $(
			String(client_ledger.html`<div class="cl-ledger cl-page cl-exceptions"></div>`)
		).appendTo(page.main);
		this.company = page.add_field({
			fieldname: "company",
			fieldtype: "Link",
			options: "Company",
			label: __("Company"),
			change: () => this.filling || this.load(),
		});
		page.set_secondary_action(__("Refresh"), () => this.load());
		this.$root.on("click", "[data-action]", (event) => this.act(event.currentTarget));
	}

	/** Somebody opens the page, perhaps for one company. */
	async show() {
		await client_ledger.take_company(this);
		return this.load();
	}

	async load() {
		const company = this.company.get_value();
		if (this.$root.attr("aria-busy") === "true") return;
		this.$root.attr("aria-busy", "true");
		try {
			this.data = await client_ledger.ask(
				"client_ledger.outbox.api.notice_exceptions",
				company ? { company } : {},
				"GET"
			);
			this.draw();
		} finally {
			this.$root.attr("aria-busy", "false");
		}
	}

	draw() {
		const { groups } = this.data;
		if (!groups.length) {
			const text = __("All due notices have been sent");
			this.$root.html(String(client_ledger.pieces.empty(text)));
			return;
		}
		const content = groups.map((group, i) => this.group_html(group, i));
		this.$root.html(String(client_ledger.html`${content}`));
	}

	group_html(group, i) {
		const { html } = client_ledger;
		const { reason, count, failed, notices } = group;
		const waits = ["approve", "print", "follow-up"].includes(group.action);
		const colour = failed ? "red" : waits ? "blue" : "gray";
		const shown = notices.length < count ? __("latest {0}", [notices.length]) : "";
		return html`<details class="cl-card cl-reason" data-group="${i}" ${i < 3 ? "open" : ""}>
			<summary><span class="indicator-pill ${colour}">${__(reason)}</span>
				<b>${count}</b> <span class="cl-muted">${shown}</span></summary>
			<p class="cl-muted">${this.advice(group)}</p>
			<p>${this.buttons(group)}</p>
			${client_ledger.dunning.notice_table(notices, "", { with_customer: true })}
		</details>`;
	}

	advice({ action }) {
		return {
			"email-account": __(
				"The site has no outgoing email account, or the policy's account cannot send. Set one up, then resend."
			),
			"sms-settings": __(
				"The site has no SMS gateway. Complete the SMS Settings, then resend."
			),
			retry: __(
				"Sending is retried automatically at increasing intervals. Check the details, correct the problem, or resend now."
			),
			contact: __(
				"The billing contact has no address for this channel or has unsubscribed. Update the contact; the notice is sent with the next run."
			),
			doubt: __(
				"Delivery could not be confirmed because the mail worker stopped. Search the mail server's log for the notice name at the beginning of the Message-ID."
			),
			block: __(
				"Blocked, disputed or covered by a promise to pay. Dunning resumes automatically when that ends."
			),
			reconcile: __(
				"Covered by a payment that is not allocated to an invoice. Reconcile the payment."
			),
			bank: __("Covered by an unreconciled bank transaction. Reconcile the bank statement."),
			"no-dunning": __(
				"These formal reminders were sent without a Dunning, so without fee and interest. Check the details of each notice."
			),
			policy: __(
				"Deferred by the policy's timing or contact limits. It is sent as soon as they allow."
			),
			settings: __("Dunning is paused for the whole site."),
			customer: __("The customer is disabled."),
			approve: __("These notices are waiting for approval."),
			print: __("These letters are ready to be printed and mailed."),
			"follow-up": __("Calls, visits and referrals that have not been completed yet."),
			none: __("No action needed. Kept on record."),
		}[action];
	}

	buttons({ action, reason, failed }) {
		const { may } = this.data;
		const routes = {
			"email-account": ["List", "Email Account"],
			"sms-settings": ["Form", "SMS Settings"],
			contact: ["List", "Contact"],
			block: ["List", "Dunning Block"],
			reconcile: ["Form", "Payment Reconciliation"],
			bank: ["List", "Bank Transaction"],
			policy: ["List", "Dunning Policy"],
			settings: ["Form", "Dunning Settings"],
			"follow-up": ["List", "ToDo"],
		};
		const { button } = client_ledger.pieces;
		const found = [];
		if (routes[action]) found.push(button("go", __("Open {0}", [__(routes[action][1])])));
		if (may.work && failed) {
			found.push(button("retry", __("Resend")));
		}
		if (may.work && reason === "Delivery Unknown")
			found.push(button("arrived", __("Mark as Delivered")));
		if (may.decide && action === "approve") found.push(button("approve", __("Approve All")));
		if (may.work && action === "print") found.push(button("print", __("Create One PDF")));
		this.routes = routes;
		return client_ledger.joined(found, " ");
	}

	async act(element) {
		const { action, name } = element.dataset;
		if (action === "message") return client_ledger.dunning.show_message(name);
		const group = this.data.groups[element.closest("[data-group]").dataset.group];
		const names = group.notices.map((notice) => notice.name);
		if (action === "go") return frappe.set_route(...this.routes[group.action]);
		const methods = {
			retry: "client_ledger.outbox.api.retry_notices",
			arrived: "client_ledger.outbox.api.confirm_arrived",
			approve: "client_ledger.outbox.api.approve_notices",
			print: "client_ledger.outbox.api.print_letters",
		};
		const answer = await client_ledger.ask(methods[action], { names });
		if (action === "print") window.open(answer, "_blank");
		else frappe.show_alert(__("{0} notices", [answer]));
		this.load();
	}
}
