"""What customers bought, as columns for rules and letters, and the groups that a scheme makes of it."""
