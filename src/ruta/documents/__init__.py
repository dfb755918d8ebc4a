"""Content-addressed files, the electronic file, certificates, signature and verification.

It does not know why a document is issued."""
