// The colour of each status, by DocType: for lists, forms, tabs and reports alike.

const COLOURS = {
	"Archive Chain": { "Not Verified": "gray", Intact: "green", Findings: "red" },
	"Backup Check": { Good: "green", Warning: "orange", Bad: "red" },
	"Balance Confirmation": {
		Planned: "blue",
		"Awaiting Reply": "cyan",
		Confirmed: "green",
		"Under Review": "yellow",
		Differences: "red",
		Settled: "green",
		"No Objection": "green",
		"No Reply": "orange",
		Cancelled: "gray",
	},
	"Client Account": {
		"Paid Up": "green",
		Open: "blue",
		Overdue: "orange",
		"Long Overdue": "red",
	},
	"Confirmation Reply": { Counted: "green", Replaced: "gray", "Not Counted": "orange" },
	"Confirmation Round": {
		Draft: "gray",
		Planned: "blue",
		Sending: "cyan",
		Open: "orange",
		Closed: "green",
	},
	"Credit Assessment": { Active: "green", Replaced: "gray", Cancelled: "red" },
	"Credit Hold": {
		"On Hold": "red",
		Released: "orange",
		Cleared: "green",
		Rejected: "gray",
		Submitted: "green",
		Withdrawn: "gray",
	},
	"Customer Statement": {
		Planned: "blue",
		Waiting: "cyan",
		Sending: "cyan",
		Sent: "green",
		Printed: "green",
		Seen: "green",
		Failed: "red",
		"No Address": "orange",
		"Not Sent": "gray",
	},
	"Dunning Policy": { Off: "gray", Preview: "purple", Approve: "blue", Automatic: "green" },
	"Dunning Run": {
		Planning: "yellow",
		Planned: "blue",
		Sending: "cyan",
		Done: "green",
		Failed: "red",
	},
	"Early Warning": { Open: "red", Snoozed: "yellow", Acted: "blue", Closed: "gray" },
	"Escalation Case": {
		Preparing: "orange",
		Referred: "red",
		Recovered: "green",
		"Written Off": "gray",
		Cancelled: "gray",
	},
	"Follow Up": { Open: "red", "In Progress": "orange", Done: "green", Cancelled: "gray" },
	"Ledger Dispute": {
		Open: "red",
		"In Review": "orange",
		Credited: "green",
		Accepted: "green",
		Rejected: "gray",
		"Short Payment Accepted": "yellow",
		Cancelled: "gray",
	},
	"Ledger Notice": {
		Planned: "blue",
		Approved: "cyan",
		Deferred: "yellow",
		Sending: "cyan",
		Sent: "green",
		Failed: "red",
		Skipped: "gray",
		Cancelled: "gray",
		Preview: "purple",
	},
	"Receivables Check": { OK: "green", Exception: "red", Explained: "orange" },
	"Receivables Check List": {
		Open: "red",
		Prepared: "blue",
		Approved: "green",
		Reopened: "orange",
	},
	"Promise to Pay": {
		Open: "blue",
		Kept: "green",
		"Partly Kept": "orange",
		Broken: "red",
		"Settled by Other Means": "gray",
		Cancelled: "gray",
	},
	"Receipt Proposal": {
		Proposed: "blue",
		"Without Invoice": "orange",
		Declined: "yellow",
		Applied: "green",
		Closed: "gray",
	},
	"Remittance Advice": {
		Announced: "blue",
		Received: "cyan",
		Matched: "green",
		"Not Received": "red",
		Withdrawn: "gray",
	},
	"Write Off Request": {
		Draft: "orange",
		"Pending Approval": "orange",
		Approved: "green",
		Rejected: "gray",
		Cancelled: "gray",
	},
	// The status of a line of the ledger.
	Ledger: {
		Paid: "green",
		"Partly Paid": "yellow",
		"Not Due": "blue",
		Overdue: "red",
		Credit: "purple",
		Settled: "gray",
	},
	Confidence: { Sure: "green", Likely: "blue", Possible: "yellow" },
	"Credit Grade": { A: "green", B: "blue", C: "yellow", D: "orange", E: "red" },
	Severity: { High: "red", Medium: "orange", Low: "yellow" },
	"Limit State": { Unlimited: "gray", Limited: "blue", "No Credit": "red" },
	"Statement Run": {
		Planning: "yellow",
		Planned: "blue",
		Sending: "cyan",
		Done: "green",
		Failed: "red",
	},
	"Statement Schedule": { Off: "gray", Approve: "blue", Automatic: "green" },
};

/** Return the colour of a status of a DocType; grey where none is set. */
export function colour_of(doctype, status) {
	return COLOURS[doctype]?.[status] || "gray";
}

/** Return what a list's get_indicator answers: label, colour and the filter behind a click. */
export function indicator(doctype, status, fieldname = "status") {
	return [__(status), colour_of(doctype, status), `${fieldname},=,${status}`];
}
