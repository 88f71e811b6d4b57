"""Who could do what, by the rows of a permission system."""

from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.duties.conflicts import KeptApart, could_do_both
from client_ledger.core.duties.rights import (
	Grant,
	Holding,
	Person,
	Restriction,
	Rights,
	SharedDocument,
	Way,
	WorkflowStep,
	ways_open,
)

INVOICE, RECEIPT = Way((("Invoice", "submit"),)), Way((("Payment", "submit"),))
DUTIES = {"bill": [INVOICE], "receive": [RECEIPT]}
RULE = KeptApart("billing and receipts", "bill", "receive")
SUBMITTABLE = frozenset({"Invoice", "Payment", "Limit"})


def may(doctype, role, *rights, only_own=False):
	return Grant(doctype, role, frozenset(rights or ("submit",)), only_own)


def person(*roles, name="ann", **more):
	return Person(name, frozenset(roles), **more)


def rights(people, grants, **more):
	return Rights(people, grants, submittable=SUBMITTABLE, **more)


def both(found, rule=RULE, duties=DUTIES):
	return list(could_do_both(found, [rule], duties))


def test_two_roles_make_a_conflict_and_are_both_named():
	(found,) = both(
		rights([person("Biller", "Cashier")], [may("Invoice", "Biller"), may("Payment", "Cashier")])
	)
	assert (found.user, found.rule) == ("ann", "billing and receipts")
	assert [one.through for one in found.first] == ["Biller"]
	assert [one.through for one in found.second] == ["Cashier"]


def test_one_duty_is_no_conflict():
	assert not both(rights([person("Biller")], [may("Invoice", "Biller"), may("Payment", "Cashier")]))


def test_who_is_disabled_does_nothing():
	grants = [may("Invoice", "Both"), may("Payment", "Both")]
	assert not both(rights([person("Both", enabled=False)], grants))
	assert both(rights([person("Both")], grants))


def test_the_administrator_can_do_everything_and_the_guest_is_nobody():
	people = [person(name="Administrator"), person(name="Guest")]
	assert [one.user for one in both(rights(people, []))] == ["Administrator"]
	grants = [may("Invoice", "All"), may("Payment", "Guest")]
	assert [one.user for one in both(rights([person(name="Guest")], grants))] == []


def test_roles_that_come_by_themselves_count():
	grants = [may("Invoice", "All"), may("Payment", "Desk User")]
	assert both(rights([person()], grants))
	assert not both(rights([person(of_desk=False)], grants))


def test_nobody_submits_what_is_not_submitted():
	found = Rights([person("Biller")], [may("Invoice", "Biller")], submittable=frozenset())
	assert found.holdings(person("Biller"), "Invoice", "submit") == []


def test_own_documents_only_is_told_and_hidden_by_a_role_for_all():
	own = may("Invoice", "Own", only_own=True)
	(holding,) = rights([], [own]).holdings(person("Own"), "Invoice", "submit")
	assert holding.only_own
	holdings = rights([], [own, may("Invoice", "Biller")]).holdings(
		person("Own", "Biller"), "Invoice", "submit"
	)
	assert [(one.through, one.only_own) for one in holdings] == [("Biller", False)]


def test_creating_is_never_limited_to_own_documents():
	grants = [may("Invoice", "Own", "create", "write", only_own=True)]
	found = rights([], grants)
	assert not found.holdings(person("Own"), "Invoice", "create")[0].only_own
	assert found.holdings(person("Own"), "Invoice", "write")[0].only_own


def test_a_shared_document_gives_what_no_role_gives():
	shares = [
		SharedDocument("Payment", "P1", "ann", frozenset({"submit"})),
		SharedDocument("Payment", "P2", "bob", frozenset({"submit"})),
		SharedDocument("Payment", "P3", "", frozenset({"read"})),
	]
	(found,) = both(rights([person("Biller")], [may("Invoice", "Biller")], shares=shares))
	assert [one.shared for one in found.second] == ["Payment P1"]


def test_what_is_shared_with_everybody_is_for_all_who_log_in():
	shares = [SharedDocument("Payment", "P1", "", frozenset({"submit"}))]
	assert both(rights([person("Biller")], [may("Invoice", "Biller")], shares=shares))
	assert both(rights([person("Biller", of_desk=False)], [may("Invoice", "Biller")], shares=shares))


def test_what_a_share_gives_is_of_one_document():
	write, submit = (
		SharedDocument("Payment", name, "ann", frozenset({right}))
		for name, right in (("P1", "write"), ("P2", "submit"))
	)
	way = Way((("Payment", "submit"), ("Payment", "write")))
	assert not ways_open(rights([], [], shares=[write, submit]), person(), way)
	both_rights = SharedDocument("Payment", "P1", "ann", frozenset({"submit", "write"}))
	assert ways_open(rights([], [], shares=[both_rights]), person(), way)


def test_a_shared_document_of_another_company_meets_nothing_of_ours():
	scope = (("Company", frozenset({"There"})),)
	shares = [SharedDocument("Payment", "P1", "ann", frozenset({"submit"}), scope)]
	here = Restriction("ann", "Company", frozenset({"Here"}))
	links = {"Invoice": frozenset({"Company"})}
	people, grants = [person("Biller")], [may("Invoice", "Biller")]
	assert both(rights(people, grants, shares=shares, links=links))
	assert not both(rights(people, grants, shares=shares, links=links, restrictions=[here]))


def test_a_web_form_lets_everybody_make_and_change_their_own():
	grants = [
		Grant("Customer", "All", frozenset({"create"}), web_form="New Customers"),
		Grant("Customer", "All", frozenset({"write"}), only_own=True, web_form="New Customers"),
	]
	found = rights([], grants)
	(making,) = found.holdings(person(), "Customer", "create")
	(changing,) = found.holdings(person(), "Customer", "write")
	assert (making.web_form, making.only_own) == ("New Customers", False) and changing.only_own
	# A role that gives it on all documents says it all.
	found = rights([], [*grants, may("Customer", "Seller", "create")])
	assert [one.through for one in found.holdings(person("Seller"), "Customer", "create")] == ["Seller"]


def test_two_accounts_of_one_person_are_one():
	people = [person("Biller"), person("Cashier", name="ann.two"), person("Cashier", name="bob")]
	grants = [may("Invoice", "Biller"), may("Payment", "Cashier")]
	accounts = {"ann": frozenset({"ann.two"}), "ann.two": frozenset({"ann"})}
	found = {one.user: one for one in both(rights(people, grants, accounts=accounts))}
	assert set(found) == {"ann", "ann.two"}
	assert (found["ann"].first[0].account, found["ann"].second[0].account) == ("", "ann.two")
	# What another account could do all alone is not the conflict of this one.
	people = [person(), person("Biller", "Cashier", name="ann.two")]
	assert [one.user for one in both(rights(people, grants, accounts=accounts))] == ["ann.two"]
	people = [person("Biller"), person("Cashier", name="ann.two", enabled=False)]
	assert not both(rights(people, grants, accounts=accounts))


def test_user_permissions_may_keep_duties_apart():
	grants = [may("Invoice", "Both"), may("Payment", "Both")]
	links = {"Invoice": frozenset({"Company"}), "Payment": frozenset({"Company"})}

	def in_companies(*restrictions):
		return both(rights([person("Both")], grants, links=links, restrictions=restrictions))

	here, there = frozenset({"Here"}), frozenset({"There"})
	assert in_companies(Restriction("ann", "Company", here))
	assert in_companies(Restriction("ann", "Company", here, "Invoice"))
	assert not in_companies(
		Restriction("ann", "Company", here, "Invoice"), Restriction("ann", "Company", there, "Payment")
	)
	assert in_companies(
		Restriction("bob", "Company", here, "Invoice"), Restriction("bob", "Company", there, "Payment")
	)
	# One for both beside one for each: the companies add up.
	assert in_companies(
		Restriction("ann", "Company", here, "Invoice"),
		Restriction("ann", "Company", there, "Payment"),
		Restriction("ann", "Company", here),
	)


def test_a_workflow_takes_the_role_that_may_take_the_action():
	way = Way((("Limit", "submit"),), action="Approve")
	grants = [may("Limit", "Clerk")]
	steps = [WorkflowStep("Limit", "Approve", "Boss"), WorkflowStep("Limit", "Reject", "Clerk")]
	assert not ways_open(rights([], grants, steps=steps), person("Clerk"), way)
	(holding,) = ways_open(rights([], grants, steps=steps), person("Clerk", "Boss"), way)
	assert holding.through == "Clerk + Boss"
	# No workflow in force: the right is enough.
	assert [one.through for one in ways_open(rights([], grants), person("Clerk"), way)] == ["Clerk"]


def test_an_action_takes_all_its_rights_and_one_of_its_roles():
	way = Way((("Hold", "write"), ("Order", "submit")), roles=frozenset({"Boss", "Chief"}))
	grants = [may("Hold", "Boss", "write"), may("Order", "Seller")]
	found = Rights([], grants, submittable=frozenset({"Order"}))
	assert not ways_open(found, person("Boss"), way)
	assert not ways_open(found, person("Seller"), way)
	assert [one.through for one in ways_open(found, person("Boss", "Seller"), way)] == ["Boss + Seller"]


def test_a_way_that_is_part_of_another_is_told_alone():
	way = Way((("Limit", "submit"),), roles=frozenset({"Boss", "Chief"}))
	found = rights([], [may("Limit", "Boss"), may("Limit", "Chief")])
	through = [one.through for one in ways_open(found, person("Boss", "Chief"), way)]
	assert through == ["Boss", "Chief"]


ROLES = ("A", "B", "C", "All", "Desk User")


@st.composite
def sites(draw):
	people = [
		Person(f"u{i}", frozenset(draw(st.sets(st.sampled_from("ABC")))), draw(st.booleans()))
		for i in range(draw(st.integers(1, 4)))
	]
	grants = draw(
		st.lists(
			st.builds(
				Grant,
				st.sampled_from(("Invoice", "Payment")),
				st.sampled_from(ROLES),
				st.just(frozenset({"submit"})),
				st.booleans(),
			),
			max_size=6,
		)
	)
	return people, grants


@given(sites())
def test_a_conflict_is_there_exactly_where_both_rights_are(site):
	people, grants = site
	found = {one.user for one in both(rights(people, grants))}
	for one in people:
		has = {g.doctype for g in grants if g.role in one.all_roles}
		assert (one.name in found) == (has == {"Invoice", "Payment"})


@given(sites(), st.sampled_from("ABC"))
def test_one_more_role_never_takes_a_conflict_away(site, role):
	people, grants = site
	before = {one.user for one in both(rights(people, grants))}
	more = [Person(one.name, one.roles | {role}, one.of_desk) for one in people]
	assert before <= {one.user for one in both(rights(more, grants))}


def test_scopes_that_share_nothing_do_not_meet():
	one = Holding("A", scope=(("Company", frozenset({"X"})),))
	assert one.meets(Holding("B"))
	assert not one.meets(Holding("B", scope=(("Company", frozenset({"Y"})),)))
	assert one.meets(Holding("B", scope=(("Customer", frozenset({"Y"})),)))
