// From a figure of a check list to the list or report behind it: [route, options].

/** list: of the form; dispute_days: after how many days a dispute runs for too long. */
export function behind_check({ company, from_date, to_date, period_kind }, check, dispute_days) {
	const until = ["<=", to_date];
	const shorter = { Quarter: "Month", Year: "Quarter" }[period_kind];
	return {
		"Receivables Tie to the General Ledger": [
			["query-report", "General Ledger"],
			{ company, from_date, to_date, party_type: "Customer" },
		],
		"Client Accounts Agree with the Ledger": [["List", "Client Account"], { company }],
		"Unallocated Receipts": [
			["List", "Payment Entry"],
			{
				company,
				docstatus: 1,
				party_type: "Customer",
				unallocated_amount: [">", 0],
				posting_date: until,
			},
		],
		"Unallocated Credit Notes": [
			["List", "Sales Invoice"],
			{ company, docstatus: 1, outstanding_amount: ["<", 0], posting_date: until },
		],
		"Unmatched Bank Transactions": [
			["List", "Bank Transaction"],
			{
				company,
				docstatus: 1,
				deposit: [">", 0],
				unallocated_amount: [">", 0],
				date: until,
			},
		],
		"Unanswered Balance Confirmations": [
			["List", "Balance Confirmation"],
			{ company, status: ["in", "Awaiting Reply,No Reply"], as_of: until },
		],
		"Long-Running Disputes": [
			["List", "Ledger Dispute"],
			{
				company,
				status: ["in", "Open,In Review"],
				opened_on: ["<=", frappe.datetime.add_days(to_date, -dispute_days)],
			},
		],
		"Customers with a Credit Balance": [
			["List", "Client Account"],
			{ company, balance: ["<", 0] },
		],
		"Shorter Periods Not Approved": [
			["List", "Receivables Check List"],
			{ company, period_kind: shorter, to_date: ["between", [from_date, to_date]] },
		],
	}[check];
}
