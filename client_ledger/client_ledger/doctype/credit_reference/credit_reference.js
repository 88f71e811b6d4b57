// Credit Reference: amounts are in the company's currency; what raises a limit is approved by another user.

frappe.ui.form.on("Credit Reference", {
	refresh(frm) {
		if (frm.is_new() || !frm.doc.__onload?.may_approve) return;
		frm.add_custom_button(__("Approve"), () =>
			frappe
				.call({
					method: "client_ledger.credit.api.approve_reference",
					type: "POST",
					args: { name: frm.doc.name },
					freeze: true,
				})
				.then(() => frm.reload_doc())
		).addClass("btn-primary");
	},

	company(frm) {
		if (!frm.doc.company) return frm.set_value("currency", null);
		frappe.db
			.get_value("Company", frm.doc.company, "default_currency")
			.then(({ message }) => frm.set_value("currency", message?.default_currency));
	},
});
