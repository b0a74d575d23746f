"""The hammer: many desks and offices strike one service that is killed again and again, and then the books are reckoned."""
