"""Controls that test themselves: rules over facts read once, whose findings keep their key from night to night.

facts -> control -> findings with unique keys; findings + stored ones -> new, still there, gone with the reason
A control reads no database; today and the clock are part of the facts.
"""
