"""Rules, processes, forms and terms as pure functions: no Django, no database, no clock, no network."""
