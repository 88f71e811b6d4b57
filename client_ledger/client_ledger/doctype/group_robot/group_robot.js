// Group Robot: a test message, and what was sent.

frappe.ui.form.on("Group Robot", {
	refresh(frm) {
		if (frm.is_new()) return;
		const { last_problem } = frm.doc;
		if (last_problem) frm.get_field("last_problem").set_input(__(last_problem));
		client_ledger.add_button(frm, __("Deliveries"), () =>
			frappe.set_route("List", "Robot Delivery", { robot: frm.doc.name })
		);
		if (!frm.perm[0]?.write) return;
		client_ledger.add_button(frm, __("Send Test Message"), () => send_test(frm));
	},
});

async function send_test(frm) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Save first."));
		return;
	}
	const message = await client_ledger.ask(
		"client_ledger.group_robots.api.send_test_message",
		{ name: frm.doc.name },
		"POST",
		{ freeze: true, freeze_message: __("Sending…") }
	);
	const sent = message.status === "Sent";
	const said = sent
		? __("The service has taken the message. Look for it in the group.")
		: client_ledger.joined([
				__(message.reason || "The robot is not enabled."),
				message.detail,
		  ]);
	frappe.msgprint({
		title: __(message.status, null, "Robot Delivery"),
		message: String(said),
		indicator: sent ? "green" : "red",
	});
	frm.reload_doc();
}
