"""Group robots on a site: every message to one is a row, claimed before it is sent, sent once.

message -> Robot Delivery (under a key) -> commit -> claim -> commit -> call the service -> what became of it
"""
