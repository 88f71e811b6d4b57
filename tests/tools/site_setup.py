"""Run by a bench's python once for a new test site: complete ERPNext's setup wizard and make what is slow to make
and every test needs, the companies of tests.bench.factories. Argument: the site's name.

The site is kept as a dump until this file changes.
"""

import sys

import frappe

COMPANIES = (("Ledger Test Company", "USD"), ("Second Test Company", "EUR"))


def main(site: str) -> None:
	"""Set the site up for an English-speaking company in dollars whose name no test uses."""
	frappe.init(site=site)
	frappe.connect()
	frappe.set_user("Administrator")
	frappe.flags.mute_emails = True
	from frappe.desk.page.setup_wizard.setup_wizard import setup_complete

	year = frappe.utils.getdate().year
	setup_complete(
		{
			"language": "English",
			"country": "United States",
			"timezone": "America/New_York",
			"currency": "USD",
			"full_name": "Administrator",
			"company_name": "Baseline Company",
			"company_abbr": "BC",
			"company_tagline": "Baseline",
			"chart_of_accounts": "Standard",
			"fy_start_date": f"{year}-01-01",
			"fy_end_date": f"{year}-12-31",
			"enable_telemetry": 0,
		}
	)
	frappe.db.set_single_value("System Settings", "setup_complete", 1)
	if not frappe.get_all("Company"):
		raise SystemExit("the setup wizard made no company")
	_make_companies()
	frappe.db.commit()
	frappe.destroy()


def _make_companies() -> None:
	from tests.bench import factories

	frappe.clear_cache()
	for company, currency in COMPANIES:
		factories.make_company(company, currency=currency)
		factories.make_pos_profile(company)
		for foreign in ("USD", "EUR"):
			factories.make_receivable(company, foreign)
	factories.make_item()


if __name__ == "__main__":
	main(sys.argv[1])
