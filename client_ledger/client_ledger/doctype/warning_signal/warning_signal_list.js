// Warning Signal list: titles in the reader's language.

frappe.listview_settings["Warning Signal"] = {
	add_fields: ["enabled"],
	hide_name_column: true,
	formatters: { title: (value) => frappe.utils.escape_html(__(value)) },
	get_indicator({ enabled }) {
		const colours = { "By Its Record": "blue", Always: "green", Never: "gray" };
		return [__(enabled), colours[enabled], `enabled,=,${enabled}`];
	},
};
