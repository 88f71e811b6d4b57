"""Which collector a customer is assigned to."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from client_ledger.core.collections.ownership import (
	Belonging,
	ScopeKind,
	Team,
	TeamMember,
	TeamScope,
	collector,
)

ANN, BEN, EVE = TeamMember("ann"), TeamMember("ben"), TeamMember("eve")


def of(customer="Acme", **fields) -> Belonging:
	return Belonging(customer, "Company", **fields)


def team(name, members, *scopes, company="") -> Team:
	return Team(name, tuple(members), scopes or (TeamScope(ScopeKind.ALL),), company)


def test_nobody_where_no_team_has_the_customer():
	assert collector(of(), []) is None
	assert collector(of(), [team("North", [ANN], TeamScope(ScopeKind.TERRITORY, "North"))]) is None
	assert collector(of(), [team("Other", [ANN], company="Another Company")]) is None
	assert collector(of(), [team("Idle", [TeamMember("ann", 0)])]) is None


def test_the_closest_scope_wins():
	teams = [
		team("1 All", [ANN]),
		team("2 Retail", [BEN], TeamScope(ScopeKind.CUSTOMER_GROUP, "Retail")),
		team("3 Acme", [EVE], TeamScope(ScopeKind.CUSTOMER, "Acme")),
	]
	assert collector(of(groups=("Retail",)), teams) == "eve"
	assert collector(of("Other", groups=("Retail",)), teams) == "ben"
	assert collector(of("Other", groups=("Trade",)), teams) == "ann"


def test_of_two_groups_the_one_further_down_wins():
	teams = [
		team("A", [ANN], TeamScope(ScopeKind.TERRITORY, "Germany")),
		team("B", [BEN], TeamScope(ScopeKind.TERRITORY, "Berlin")),
	]
	assert collector(of(territories=("Berlin", "Germany", "All Territories")), teams) == "ben"
	assert collector(of(territories=("Hamburg", "Germany", "All Territories")), teams) == "ann"


def test_shares_divide_the_work():
	teams = [team("All", [TeamMember("ann", 300), TeamMember("ben", 100)])]
	counts = Counter(collector(of(f"Customer {i}"), teams) for i in range(4000))
	assert 2800 < counts["ann"] < 3200 and counts["ann"] + counts["ben"] == 4000


@given(st.text(min_size=1, max_size=20))
def test_a_customer_keeps_its_collector_when_another_leaves(name):
	three, two = team("All", [ANN, BEN, EVE]), team("All", [ANN, BEN])
	before = collector(of(name), [three])
	if before != "eve":
		assert collector(of(name), [two]) == before
