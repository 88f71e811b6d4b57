// Robot Delivery: colours of the list.

frappe.listview_settings["Robot Delivery"] = {
	add_fields: ["status"],
	hide_name_column: true,
	get_indicator: ({ status }) => [
		__(status, null, "Robot Delivery"),
		{
			Waiting: "orange",
			Sending: "blue",
			Sent: "green",
			Failed: "red",
			Unknown: "yellow",
			Withdrawn: "gray",
		}[status],
		`status,=,${status}`,
	],
};
