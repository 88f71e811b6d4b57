"""Reading trade beside the ledger: sales, last payments, what is ordered or delivered and not billed yet."""

from collections.abc import Sequence
from datetime import date

from client_ledger.core.account import AccountKey
from client_ledger.core.money import as_money, rounded
from client_ledger.ledger import queries
from client_ledger.ledger.base import Reading
from client_ledger.ledger.results import Activity, Scope, Unbilled, UnbilledDelivery, UnbilledOrder
from client_ledger.ledger.rows import as_date


class SalesReading(Reading):
	"""Orders, deliveries, sales and payments of customers."""

	def unbilled(self, scope: Scope) -> dict[AccountKey, Unbilled]:
		"""Return orders and deliveries not billed yet, per customer and company."""
		parameters = {"companies": scope.companies, "customers": scope.customers or ()}
		of_customers = scope.customers is not None
		orders = self.database.rows(queries.unbilled_orders(of_customers), parameters)
		deliveries = self.database.rows(queries.unbilled_deliveries(of_customers), parameters)
		found = {AccountKey(row[0], row[1]): Unbilled(as_money(row[2])) for row in orders}
		for customer, company, amount, _lines in deliveries:
			key = AccountKey(customer, company)
			found[key] = Unbilled(found.get(key, Unbilled()).orders, as_money(amount))
		return {
			key: Unbilled(rounded(u.orders, self.precision), rounded(u.deliveries, self.precision))
			for key, u in found.items()
		}

	def orders(self, customer: str, companies: Sequence[str]) -> list[UnbilledOrder]:
		"""Return the customer's orders that are not fully billed, newest first."""
		return self.unbilled_orders(Scope(tuple(companies), (customer,)))

	def unbilled_orders(self, scope: Scope) -> list[UnbilledOrder]:
		"""Return the orders that are not fully billed, newest first."""
		parameters = {"companies": scope.companies, "customers": scope.customers or ()}
		sql = queries.orders(scope.customers is not None)
		return [self._order(row) for row in self.database.rows(sql, parameters)]

	def unbilled_deliveries(self, scope: Scope) -> list[UnbilledDelivery]:
		"""Return the deliveries without order or invoice that are not fully billed, oldest first."""
		parameters = {"companies": scope.companies, "customers": scope.customers or ()}
		sql = queries.unbilled_delivery_notes(scope.customers is not None)
		return [
			UnbilledDelivery(name, customer, company, as_date(day), rounded(as_money(amount), self.precision))
			for customer, company, name, day, amount in self.database.rows(sql, parameters)
		]

	def activity(self, scope: Scope, since: date, as_of: date) -> dict[AccountKey, Activity]:
		"""Return net sales since *since*, last invoice and last payment, per customer and company."""
		parameters = {**self._parameters(scope, as_of), "since": since}
		of_customers = scope.customers is not None
		paid = {
			AccountKey(row[0], row[1]): as_date(row[2])
			for row in self.database.rows(queries.last_payments(of_customers), parameters)
		}
		found = {key: Activity(last_payment=day) for key, day in paid.items()}
		for customer, company, amount, last_invoice in self.database.rows(
			queries.sales(of_customers), parameters
		):
			key = AccountKey(customer, company)
			found[key] = Activity(as_money(amount), as_date(last_invoice), paid.get(key))
		return found

	def _order(self, row: Sequence) -> UnbilledOrder:
		name, ordered, delivery, currency, company, status, total, base_total, billed, customer = row
		share = (100 - as_money(billed)) / 100
		return UnbilledOrder(
			name,
			company,
			as_date(ordered),
			as_date(delivery),
			status,
			currency,
			as_money(total),
			rounded(as_money(total) * share, self.precision),
			rounded(as_money(base_total) * share, self.precision),
			as_money(billed),
			customer,
		)
