// Credit Reference: amounts are in the company's currency.

frappe.ui.form.on("Credit Reference", {
	company(frm) {
		if (!frm.doc.company) return frm.set_value("currency", null);
		frappe.db
			.get_value("Company", frm.doc.company, "default_currency")
			.then(({ message }) => frm.set_value("currency", message?.default_currency));
	},
});
