"""Appeals: which a decision admits, filed by the applicant, decided by somebody else than who decided (CPACA arts. 74-87).

`kinds` says which and until when; `filing` takes them; `deciding` carries their outcome out. Firmness waits for them.
Queja and direct revocation are not here.
"""
