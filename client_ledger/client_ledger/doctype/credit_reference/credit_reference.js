// Credit Reference: amounts are in the company's currency; what raises a limit is approved by another user.

frappe.ui.form.on("Credit Reference", {
	refresh(frm) {
		if (frm.is_new() || !frm.doc.__onload?.may_approve) return;
		client_ledger
			.add_button(frm, __("Approve"), async () => {
				const { name } = frm.doc;
				await client_ledger.ask(
					"client_ledger.credit.api.approve_reference",
					{ name },
					"POST",
					{
						freeze: true,
					}
				);
				frm.reload_doc();
			})
			.addClass("btn-primary");
	},

	company(frm) {
		if (!frm.doc.company) return frm.set_value("currency", null);
		frappe.db
			.get_value("Company", frm.doc.company, "default_currency")
			.then(({ message }) => frm.set_value("currency", message?.default_currency));
	},
});
