"""Use cases that change the plan: one function is one decision of a person and one transaction."""
