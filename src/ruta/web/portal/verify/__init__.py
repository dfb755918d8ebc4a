"""Anyone checks a document: by code, by QR, by file; with or without a network. No account, no cookie."""
