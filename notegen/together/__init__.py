"""Together: a whole front made from what a group of people chose."""
