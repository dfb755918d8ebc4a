"""Charges, the gateway, the ledger and receipts. Card data never come here.

It does not know what a fee is for."""
