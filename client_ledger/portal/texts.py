"""The words of the portal's page, in the language spoken now. Its script has none of its own."""

from frappe import _


def texts() -> dict[str, str]:
	"""Return every text of the page by its key."""
	return {**_frame(), **_account(), **_papers(), **_actions(), **_paying()}


def _frame() -> dict[str, str]:
	return {
		"title": _("Customer Account"),
		"skip": _("Skip to the content"),
		"language": _("Language"),
		"account": _("Account"),
		"not_available": _("This page is not available"),
		"my_account": _("My Account"),
		"log_out": _("Log Out"),
		"loading": _("Loading…"),
		"needs_script": _(
			"This page needs JavaScript. Switch it on in the browser, or ask the company for a statement."
		),
		"by_link": _("You see this account by a link. It only shows; keep it to yourself."),
		"failed": _("The server did not answer. Check the connection and try again."),
		"again": _("Try Again"),
		"sections": _("Sections"),
		"overview": _("Overview"),
		"movements": _("Movements"),
		"papers": _("Documents"),
		"requests": _("Messages"),
		"close": _("Close"),
		"cancel": _("Cancel"),
		"send": _("Send"),
	}


def _account() -> dict[str, str]:
	return {
		"as_of": _("As of {0}"),
		"balance": _("Balance"),
		"overdue": _("Overdue"),
		"on_account": _("On Account"),
		"to_pay": _("Total to Pay"),
		"ageing": _("Ageing"),
		"open_items": _("Open Items"),
		"nothing_open": _("Nothing is open."),
		"date": _("Date"),
		"due": _("Due"),
		"amount": _("Amount"),
		"reference": _("Your reference: {0}"),
		"days_late": _("{0} days overdue"),
		"credit": _("Credit"),
		"status": _("Status"),
		"disputed": _("Disputed: {0}"),
		"promised": _("Promised for {0}"),
		"payment_announced": _("Payment announced: {0}"),
		"choose": _("Choose {0}"),
		"choose_all": _("Choose all overdue items"),
		"chosen": _("{0} chosen, {1}"),
		"search": _("Search number, your reference or amount"),
		"search_button": _("Search"),
		"no_movements": _("There are no movements yet."),
		"nothing_found": _("Nothing was found for “{0}”."),
		"more": _("Show More"),
		"settles": _("Settles {0}"),
	}


def _papers() -> dict[str, str]:
	return {
		"ledger_today": _("Ledger of Today"),
		"from": _("From"),
		"whole": _("Leave blank for everything."),
		"statements": _("Statements"),
		"no_statements": _("No statement has been sent yet."),
		"statement_of": _("Statement of {0}"),
		"period": _("{0} to {1}"),
		"sent_on": _("Sent on {0}"),
		"new": _("Not seen yet"),
		"pdf": _("PDF"),
		"xlsx": _("Excel"),
		"file_of": _("{0} of {1}"),
		"being_made": _("The file is being made…"),
		"invoices_hint": _(
			"Invoices are under Overview and Movements: each has its PDF and its Excel file beside it."
		),
	}


def _actions() -> dict[str, str]:
	return {
		"dispute": _("Dispute"),
		"dispute_title": _("Dispute an Item"),
		"dispute_hint": _("What you dispute is not chased while it is looked into."),
		"reason": _("Reason"),
		"details": _("What is wrong?"),
		"disputed_amount": _("Disputed amount of {0}"),
		"dispute_sent": _("Your dispute {0} has arrived. The company will answer you."),
		"promise": _("Promise a Date"),
		"promise_hint": _("Say on which day you will pay the chosen items."),
		"promise_day": _("Day of payment"),
		"promise_sent": _("Thank you. The company expects your payment on {0}."),
		"paid": _("I Have Paid"),
		"paid_hint": _("Reminders rest until your payment arrives."),
		"paid_amount": _("Amount paid"),
		"paid_on": _("Paid on"),
		"paid_reference": _("Reference of the transfer"),
		"paid_sent": _("Thank you. Your payment is looked for."),
		"disputes": _("Disputes"),
		"promises": _("Promises"),
		"announced": _("Announced Payments"),
		"confirmations": _("Balance Confirmations"),
		"answer": _("Answer"),
		"show": _("Show"),
		"balance_on": _("Balance on {0} in {1}"),
		"reply_by": _("Reply by {0}"),
		"nothing_here": _("Nothing here yet."),
		"items_of": _("For {0}"),
		"received": _("Received: {0}"),
		"contact": _("Change Contact Details"),
		"contact_hint": _(
			"Write what has changed. A colleague checks it with you before anything is changed."
		),
		"contact_name": _("Contact person"),
		"contact_email": _("Email Address"),
		"contact_phone": _("Phone"),
		"contact_address": _("Address"),
		"contact_notes": _("Anything else"),
		"contact_sent": _("Your request has arrived. Nothing changes until a colleague has checked it."),
		"one_currency": _("Choose items of one currency only."),
		"choose_first": _("Choose the items first, under Overview."),
		"read_only": _("This link only shows the account. Log in to do this, or contact the company."),
	}


def _paying() -> dict[str, str]:
	return {
		"pay": _("Pay"),
		"pay_title": _("Pay {0}"),
		"pay_online": _("Pay Online"),
		"pay_online_hint": _("Each invoice has a payment of its own:"),
		"pay_by_transfer": _("Pay by bank transfer"),
		"holder": _("Account holder"),
		"bank": _("Bank"),
		"iban": _("IBAN"),
		"account_no": _("Account number"),
		"branch_code": _("Branch code"),
		"swift": _("BIC/SWIFT"),
		"payment_reference": _("Payment reference"),
		"copy": _("Copy"),
		"copied": _("Copied"),
		"copy_of": _("Copy {0}"),
		"qr_alt": _("QR code of this transfer for your banking app"),
		"qr_hint": _("Scan the code with your banking app: everything is filled in."),
		"no_bank": _("The company has no bank account on record for this. Ask it where to pay."),
		"then_tell": _("When you have paid, press “I Have Paid”, so that reminders rest."),
	}
