"""The verbs: one function and one transaction each. Whoever calls brings the time, the actor and the id of the deed."""
