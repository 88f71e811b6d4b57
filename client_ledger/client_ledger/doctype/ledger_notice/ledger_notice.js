// Ledger Notice: the message as it reads, and what can be decided about it.

frappe.ui.form.on("Ledger Notice", {
	refresh(frm) {
		show_status(frm);
		add_buttons(frm);
		show_message(frm);
	},
});

const { ask, html } = client_ledger;

function show_status(frm) {
	const { status, reason } = frm.doc;
	frm.page.set_indicator(__(status), client_ledger.colours.colour_of("Ledger Notice", status));
	frm.dashboard.clear_headline();
	if (reason) frm.dashboard.set_headline(String(html`${__(reason)}`));
}

function add_buttons(frm) {
	const roles = frappe.user_roles;
	const decides = roles.some((role) => ["Accounts Manager", "Credit Manager"].includes(role));
	const works = decides || roles.includes("Credit Controller");
	const { status, reason } = frm.doc;
	const outdated = reason === "Edited Letter Out of Date";
	if (decides && ["Planned", "Deferred"].includes(status) && !frm.doc.approved_on && !outdated) {
		client_ledger.add_button(frm, __("Approve"), () =>
			decide(frm, "client_ledger.outbox.api.approve_notices")
		);
	}
	if (decides && ["Planned", "Deferred", "Approved", "Failed"].includes(status)) {
		client_ledger.add_button(frm, __("Reject"), () =>
			with_reason(frm, "client_ledger.outbox.api.reject_notices", __("Reject"))
		);
	}
	const lifts = roles.some((role) => ["Credit Manager", "Credit Controller"].includes(role));
	if (
		lifts &&
		frm.doc.holds &&
		!frm.doc.hold_lifted_on &&
		["Sending", "Sent"].includes(status)
	) {
		client_ledger.add_button(frm, __("Lift Hold"), () =>
			with_reason(frm, "client_ledger.dunning.api.lift_holds", __("Lift Hold"))
		);
	}
	if (works && status === "Failed") {
		client_ledger.add_button(frm, __("Resend"), () =>
			decide(frm, "client_ledger.outbox.api.retry_notices")
		);
		if (reason === "Delivery Unknown") {
			client_ledger.add_button(frm, __("Mark as Delivered"), () =>
				decide(frm, "client_ledger.outbox.api.confirm_arrived")
			);
		}
	}
}

async function decide(frm, method) {
	await ask(method, { names: [frm.doc.name] });
	frm.reload_doc();
}

function with_reason(frm, method, title) {
	client_ledger.prompt({
		title,
		label: title,
		fields: { fieldname: "why", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		send: ({ why }) => ask(method, { names: [frm.doc.name], why }),
		done: () => frm.reload_doc(),
	});
}

async function show_message(frm) {
	const $wrapper = frm.get_field("message_html").$wrapper.empty();
	if (frm.doc.kind === "Acknowledgement" || !frm.doc.items.length) return;
	if (!frm.doc.message && ["Skipped", "Cancelled", "Sent"].includes(frm.doc.status)) return;
	await with_code();
	try {
		const letter = await ask(
			"client_ledger.outbox.api.notice_message",
			{ name: frm.doc.name },
			"GET"
		);
		$wrapper.html(
			String(html`<p><b>${letter.subject}</b></p><div class="cl-letter-place"></div>`)
		);
		client_ledger.dunning.show_letter($wrapper.find(".cl-letter-place"), letter.message);
		if (!letter.may_edit) return;
		client_ledger.add_button(frm, __("Edit Letter"), () =>
			client_ledger.dunning.show_message(frm.doc.name, () => frm.reload_doc())
		);
	} catch {
		const text = __("Nothing is due from this customer.");
		$wrapper.html(String(html`<p class="text-muted">${text}</p>`));
	}
}

async function with_code() {
	if (!client_ledger.dunning) await frappe.require("customer_dunning.bundle.js");
}
