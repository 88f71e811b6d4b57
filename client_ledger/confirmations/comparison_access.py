"""Who may work on differences: whoever works on collections; who may settle a confirmation: who resolves disputes."""

from client_ledger.collections.access import ROLES_FOR
from client_ledger.outbox.access import ActionRoles

ROLES = ActionRoles({"work": ROLES_FOR["work"], "settle": ROLES_FOR["resolve"]})
can = ROLES.can
