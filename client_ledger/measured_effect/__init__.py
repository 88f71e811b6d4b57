"""What a step of dunning is worth: trials that give it otherwise to a share of the customers, decided by chance and on record.

	Step Trial, started  ->  assignments (rows, written with the plan that first meets a customer)  ->  dunning plans the step of each by its arm
	assignments + ledger ->  effect, every night  ->  proposals

Rules are in client_ledger.core.measured_effect; how a step is moved in client_ledger.core.dunning.variation.
"""
