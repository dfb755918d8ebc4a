"""Messages to parties, with proof of delivery and of opening.

It does not decide when to write."""
