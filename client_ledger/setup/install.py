"""What installing and migrating bring in. Every step repeats harmlessly."""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.utils.password import get_encryption_key

from client_ledger.collections.defaults import make_reasons
from client_ledger.collections.defaults import make_rules as make_collection_rules
from client_ledger.controls.shipped import make_controls
from client_ledger.credit.check.defaults import make_rules, make_step_rule
from client_ledger.credit.grades.defaults import make_grades
from client_ledger.credit.grades.scorecards import make_default
from client_ledger.dunning.policies.defaults import make_defaults
from client_ledger.duties.shipped import make_duties
from client_ledger.early_warnings.notification import make_notification
from client_ledger.early_warnings.signals import make_signals
from client_ledger.ledger.indexes import make_indexes
from client_ledger.procedures.shipped import make_procedures
from client_ledger.setup.custom_fields import PROPERTY_SETTERS, get_custom_fields
from client_ledger.setup.desk import fit_desktop_icon
from client_ledger.setup.run_once import once
from client_ledger.setup.workflows import (
	make_follow_up_workflow,
	make_workflows,
	make_write_off_workflow,
	share_workflows,
)
from client_ledger.site.doctypes import COLLECTION_SETTINGS, LEDGER_SETTINGS
from client_ledger.site.settings import store_defaults


def after_install() -> None:
	"""Set the app up on a site that never had it, and have the accounts built in the background."""
	set_up()
	frappe.enqueue("client_ledger.tasks.rebuild_all", queue="long", timeout=3600, enqueue_after_commit=True)


def after_migrate() -> None:
	"""Bring a site to what this version needs."""
	set_up()


def set_up() -> None:
	"""Fields, property setters, settings, grades, scorecard, rules, workflows, signals, indexes, dunning policies and the tile on the desk."""
	create_custom_fields(get_custom_fields(), ignore_validate=True)
	for setter in PROPERTY_SETTERS:
		make_property_setter(**setter, validate_fields_for_doctype=False)
	store_defaults(LEDGER_SETTINGS)
	store_defaults(COLLECTION_SETTINGS)
	make_grades()
	once("scorecard", make_default)
	once("rules", make_rules)
	once("step_rule", make_step_rule)
	once("workflows", make_workflows)
	once("follow_up_workflow", make_follow_up_workflow)
	once("write_off_workflow", make_write_off_workflow)
	once("shared_workflows", share_workflows)
	once("collection_rules", make_collection_rules)
	once("dispute_reasons", make_reasons)
	once("duties", make_duties)
	once("procedures", make_procedures)
	make_controls()
	make_signals()
	once("warning_notification", make_notification)
	make_indexes()
	make_defaults()
	fit_desktop_icon()
	# Links for customers are signed with it: there before several workers could each make one.
	get_encryption_key()
