// Follow-ups in the host's calendar.

frappe.views.calendar["Follow Up"] = {
	field_map: {
		start: "due_date",
		end: "due_date",
		id: "name",
		title: "customer_name",
		allDay: "all_day",
	},
	get_events_method: "client_ledger.collections.follow_ups.get_events",
};
