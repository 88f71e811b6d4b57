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
			frm.add_custom_button(__("Change Roles"), () =>
				frappe.set_route("Form", "User", user)
			);
		}
		if (frappe.model.can_create("Duty Mitigation")) {
			frm.add_custom_button(__("Request Mitigation"), () =>
				frappe.new_doc("Duty Mitigation", { user, duty_rule })
			);
		}
		frm.add_custom_button(__("Who Did Both"), () =>
			frappe.set_route("query-report", "Duty Conflicts", {
				view: "Who Did Both",
				user,
				duty_rule,
			})
		);
	},
});
