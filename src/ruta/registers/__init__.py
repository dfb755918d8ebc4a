"""Base registers: schemas, versioned entries, look-ups with a logged purpose.

It does not decide; it records what was decided."""
