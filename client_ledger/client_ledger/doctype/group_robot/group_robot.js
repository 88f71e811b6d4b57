// Group Robot: a test message, and what was sent.

frappe.ui.form.on("Group Robot", {
	refresh(frm) {
		if (frm.is_new()) return;
		const { last_problem } = frm.doc;
		if (last_problem) frm.get_field("last_problem").set_input(__(last_problem));
		frm.add_custom_button(__("Deliveries"), () =>
			frappe.set_route("List", "Robot Delivery", { robot: frm.doc.name })
		);
		if (!frm.perm[0]?.write) return;
		frm.add_custom_button(__("Send Test Message"), () => send_test(frm));
	},
});

async function send_test(frm) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Save first."));
		return;
	}
	const { message } = await frappe.call({
		method: "client_ledger.group_robots.api.send_test_message",
		args: { name: frm.doc.name },
		freeze: true,
		freeze_message: __("Sending…"),
	});
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
