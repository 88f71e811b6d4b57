"""What leaves the house: every message is a row before it is sent, and goes out once. Capabilities plan rows; the outbox sends."""
