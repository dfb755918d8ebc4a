"""A service's folder becomes a linted, compiled, immutable ServiceVersion.

It knows every file of the contract and no service by name."""
