"""What the three notebooks call: one app for each kind of person."""
