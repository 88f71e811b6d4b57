// Duty Conflict: who could do both, and what is to be done about it.

frappe.ui.form.on("Duty Conflict", {
	refresh(frm) {
		frm.disable_save();
		const { user, duty_rule, status } = frm.doc;
		frm.page.set_indicator(
			__(status),
			{ Open: "red", Mitigated: "orange", Closed: "green" }[status]
		);
		if (status === "Closed") return;
		if (frappe.model.can_write("User")) {
			client_ledger.add_button(frm, __("Change Roles"), () =>
				frappe.set_route("Form", "User", user)
			);
		}
		if (frappe.model.can_create("Duty Mitigation")) {
			client_ledger.add_button(frm, __("Request Mitigation"), () =>
				frappe.new_doc("Duty Mitigation", { user, duty_rule })
			);
		}
		client_ledger.add_button(frm, __("Who Did Both"), () =>
			frappe.set_route("query-report", "Duty Conflicts", {
				view: "Who Did Both",
				user,
				duty_rule,
			})
		);
	},
});
