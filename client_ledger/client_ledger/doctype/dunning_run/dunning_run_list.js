// Dunning Run list: how far each run is.

frappe.listview_settings["Dunning Run"] = {
	get_indicator(doc) {
		const colours = {
			Planning: "yellow",
			Planned: "blue",
			Sending: "cyan",
			Done: "green",
			Failed: "red",
		};
		return [__(doc.status), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
