// Ledger Notice: the message as it reads, and what can be decided about it.

frappe.ui.form.on("Ledger Notice", {
	refresh(frm) {
		show_status(frm);
		add_buttons(frm);
		show_message(frm);
	},
});

const COLOURS = {
	Planned: "blue",
	Approved: "cyan",
	Deferred: "yellow",
	Sending: "cyan",
	Sent: "green",
	Failed: "red",
};

function show_status(frm) {
	const { status, reason } = frm.doc;
	frm.page.set_indicator(__(status), COLOURS[status] || "gray");
	frm.dashboard.clear_headline();
	if (reason) frm.dashboard.set_headline(frappe.utils.escape_html(__(reason)));
}

function add_buttons(frm) {
	const roles = frappe.user_roles;
	const decides = roles.some((role) => ["Accounts Manager", "Credit Manager"].includes(role));
	const works = decides || roles.includes("Credit Controller");
	const { status, reason } = frm.doc;
	if (decides && ["Planned", "Deferred"].includes(status) && !frm.doc.approved_on) {
		frm.add_custom_button(__("Approve"), () => decide(frm, "outbox.api.approve_notices"));
	}
	if (decides && ["Planned", "Deferred", "Approved", "Failed"].includes(status)) {
		frm.add_custom_button(__("Reject"), () =>
			with_reason(frm, "outbox.api.reject_notices", __("Reject"))
		);
	}
	const lifts = roles.some((role) => ["Credit Manager", "Credit Controller"].includes(role));
	if (lifts && frm.doc.holds && !frm.doc.hold_lifted_on && ["Sending", "Sent"].includes(status)) {
		frm.add_custom_button(__("Lift the Hold"), () =>
			with_reason(frm, "dunning.api.lift_holds", __("Lift the Hold"))
		);
	}
	if (works && status === "Failed") {
		frm.add_custom_button(__("Send Again"), () => decide(frm, "outbox.api.retry_notices"));
		if (reason === "In Doubt") {
			frm.add_custom_button(__("It Arrived"), () => decide(frm, "outbox.api.confirm_arrived"));
		}
	}
}

// frappe.xcall always posts in version 15, and reading is GET here.
async function ask(method, args, type = "POST") {
	const answer = await frappe.call({
		method: `client_ledger.${method}`,
		args,
		type,
	});
	return answer.message;
}

async function decide(frm, method, more = {}) {
	await ask(method, { names: [frm.doc.name], ...more });
	frm.reload_doc();
}

function with_reason(frm, method, title) {
	frappe.prompt(
		{ fieldname: "why", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		({ why }) => decide(frm, method, { why }),
		title
	);
}

async function show_message(frm) {
	const $wrapper = frm.get_field("message_html").$wrapper.empty();
	if (frm.doc.kind === "Thanks" || !frm.doc.items.length) return;
	if (!frm.doc.message && ["Skipped", "Cancelled", "Sent"].includes(frm.doc.status)) return;
	try {
		const letter = await ask("outbox.api.notice_message", { name: frm.doc.name }, "GET");
		$wrapper.html(`<p><b>${frappe.utils.escape_html(letter.subject)}</b></p>
			<iframe sandbox="" title="${__("Message")}"
				style="width:100%;min-height:360px;border:1px solid var(--border-color);border-radius:8px;background:#fff"></iframe>`);
		$wrapper.find("iframe").attr("srcdoc", letter.message);
	} catch {
		$wrapper.html(`<p class="text-muted">${__("Nothing is due from this customer.")}</p>`);
	}
}
