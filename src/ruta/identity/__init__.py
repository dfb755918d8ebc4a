"""People, organisations and officials: who somebody is, how surely, and what may be seen.

It does not know what anybody asked for."""
