"""Which payments resemble an invoice, P(five days late), and the expected dates made of both: used where they win."""

import math
import random
import time
from datetime import timedelta

import pytest

from client_ledger.core.credit.dates import DateModel, ExpectedDates, learn_dates
from client_ledger.core.credit.histogram import DEFAULT_SETTINGS, Distribution, expect, learn
from client_ledger.core.credit.late_model import (
	INPUTS,
	LateCase,
	LateChoice,
	choose_late_model,
	fit,
	given_open,
)
from client_ledger.core.credit.lateness import TradeLine
from client_ledger.core.credit.payment_replay import last_day
from client_ledger.core.credit.similarity import ALL_ALIKE, Similarity, SimilarityChoice

from .ledgers import FIRST, invent, line


def two_kinds_of_terms(seed=1, customers=12, days=500):
	"""Customers who pay within two weeks on the day, and within two months three weeks late."""
	rng, lines = random.Random(seed), []
	for i in range(customers):
		for n in range(60):
			issued = FIRST + timedelta(days=rng.randrange(days))
			terms, late = rng.choice([(14, 0), (60, 21)])
			due = issued + timedelta(days=terms)
			paid = due + timedelta(days=late + rng.randint(-2, 2))
			amount = round(rng.lognormvariate(7, 1), 2)
			lines.append(TradeLine(f"C{i}", f"C{i}-{n}", issued, due, amount, paid))
	return lines


def test_payments_on_the_same_terms_weigh_more_where_terms_matter():
	lines = two_kinds_of_terms()
	found = learn_dates(lines, last_day(lines), DEFAULT_SETTINGS).similarity
	assert found.used.other_terms < 1
	assert found.mae < 0.6 * found.mae_alike
	assert found.invoices > 100


def test_all_payments_stay_alike_where_nothing_tells_them_apart():
	lines = [
		line(customer, 7 * i, 3, number=i, terms=30, amount=100.0 * (1 + i % 3))
		for customer in ("Ada", "Bob")
		for i in range(60)
	]
	found = learn_dates(lines, last_day(lines), DEFAULT_SETTINGS)
	assert found.similarity.used == ALL_ALIKE
	assert found.late.used is None
	assert learn_dates([], FIRST, DEFAULT_SETTINGS) == DateModel()


def test_nothing_of_the_future_is_learnt():
	lines, day = two_kinds_of_terms(), FIRST + timedelta(days=300)
	past = [li for li in lines if li.issued <= day]
	past = [li if li.settled_on <= day else li._replace(settled_on=None) for li in past]
	assert learn_dates(lines, day, DEFAULT_SETTINGS) == learn_dates(past, day, DEFAULT_SETTINGS)


def cases(number, tells, seed=1):
	"""Cases of which the third input tells whether the invoice was late, or nothing does."""
	rng, found = random.Random(seed), []
	for _ in range(number):
		inputs = [rng.gauss(0, 1) for _ in INPUTS]
		p = 1 / (1 + math.exp(1 - 2 * inputs[2])) if tells else 0.3
		found.append(LateCase(inputs, 0.3, rng.random() < p))
	return found


def test_the_regression_finds_what_tells_and_is_used_only_then():
	found = choose_late_model(cases(1500, tells=True))
	assert found.used and found.auc > 0.8 > 0.6 > found.auc_histogram
	weights = found.used.weights[1:]
	assert max(range(len(weights)), key=lambda k: abs(weights[k])) == 2
	none = choose_late_model(cases(1500, tells=False))
	assert none.used is None and none.invoices == 750
	assert choose_late_model(cases(40, tells=True)) == LateChoice()


def test_the_regression_is_the_optimum_of_its_penalised_likelihood():
	found = cases(400, tells=True)
	model = fit(found)
	errors = [case.is_late - model.probability(case.inputs) for case in found]
	assert sum(errors) == pytest.approx(0, abs=1e-3)
	for k in range(len(INPUTS)):
		score = sum(
			error * (case.inputs[k] - model.means[k]) / model.scales[k]
			for error, case in zip(errors, found, strict=True)
		)
		assert score == pytest.approx(10 * model.weights[k + 1], abs=1e-3)


def test_the_regression_is_fitted_in_half_a_second():
	found = cases(2000, tells=True)
	start = time.process_time()
	fit(found)
	assert time.process_time() - start < 0.5


def distribution(days):
	mass = [0.0] * 486
	for day in days:
		mass[day + 120] += 1 / len(days)
	return Distribution(mass, len(days), float(len(days)), DEFAULT_SETTINGS)


def test_what_is_known_of_an_open_invoice_counts():
	found = distribution([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
	assert given_open(0.5, found, -30) == pytest.approx(0.5)
	# Two of the five that are less than five days late are left: P / (P + (1 - P) * 2 / 5).
	assert given_open(0.5, found, 2) == pytest.approx(0.5 / (0.5 + 0.5 * 2 / 5))
	assert given_open(0.2, found, 4) == given_open(0.2, found, 40) == 1
	assert given_open(0.0, found, 2) == 0
	assert [given_open(0.2, found, age) for age in range(-5, 5)] == sorted(
		given_open(0.2, found, age) for age in range(-5, 5)
	)


def test_a_model_is_kept_as_text():
	model = DateModel(
		SimilarityChoice(Similarity(0.3, 2.0), 600, 2.5, 2.25), choose_late_model(cases(900, tells=True))
	)
	assert DateModel.from_text(model.as_text()) == model
	assert DateModel.from_text("") == DateModel.from_text(None) == DateModel()


def test_expected_dates_of_a_model_that_uses_nothing_are_those_of_the_histogram():
	world = invent(3, customers=20, days=400)
	lateness = learn(world.lines, world.until)
	dates = ExpectedDates(world.lines, lateness, DateModel(), DEFAULT_SETTINGS, world.until)
	for found in [li for li in world.lines if li.settled_on is None]:
		made = dates.of(found)
		by_histogram = expect(lateness.of(found.customer), found.due, world.until)
		assert made._replace(p_late_5=None) == by_histogram
		assert 0 <= made.p_late_5 <= 1
		if found.age(world.until) >= 4:
			assert made.p_late_5 == 1


def test_expected_dates_follow_the_terms_where_terms_matter():
	lines = two_kinds_of_terms()
	day = last_day(lines)
	lateness, model = learn(lines, day), learn_dates(lines, day, DEFAULT_SETTINGS)
	dates = ExpectedDates(lines, lateness, model, DEFAULT_SETTINGS, day)

	def expected(terms):
		due = day + timedelta(days=terms)
		found = dates.of(TradeLine("C1", "new", day, due, 1000.0))
		return (found.expected - due).days, found.p_late_5

	(soon, unlikely), (late, likely) = expected(14), expected(60)
	assert abs(soon) <= 3 and 18 <= late <= 24
	assert unlikely < 0.2 and likely > 0.8
