// Ledger Archive list: state as an indicator; check, export, legal hold and purge.

frappe.listview_settings["Ledger Archive"] = {
	add_fields: ["sequence", "legal_hold", "purged_on", "company"],
	hide_name_column: true,
	get_indicator: ({ sequence, legal_hold, purged_on }) => {
		if (purged_on) return [__("Purged"), "gray", "purged_on,is,set"];
		if (legal_hold) return [__("Legal Hold"), "purple", "legal_hold,=,1"];
		if (sequence) return [__("Chained"), "green", "sequence,>,0"];
		return [__("Not Chained Yet"), "orange", "sequence,=,0"];
	},
	onload(list) {
		const { archive } = client_ledger;
		const company = () =>
			list.get_filter_value("company") || frappe.defaults.get_default("company");
		if (archive.may_check()) {
			client_ledger.add_button(list.page, __("Verify Archive"), () =>
				archive.verify(company())
			);
			client_ledger.add_button(list.page, __("Export Archive"), () =>
				archive.export_dialog(company())
			);
		}
		if (!archive.may_keep()) return;
		client_ledger.add_button(list.page, __("Purge Expired"), () =>
			archive.purge_dialog(company(), () => list.refresh())
		);
		for (const [label, held] of [
			[__("Legal Hold"), true],
			[__("Lift Legal Hold"), false],
		]) {
			list.page.add_actions_menu_item(label, () =>
				archive.change_hold(list.get_checked_items(true), held, () => list.refresh())
			);
		}
	},
};
