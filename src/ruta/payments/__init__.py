"""Charges, the gateway, the ledger, receipts and refunds. Card data never come here.

It does not know what a fee is for: it takes lines that somebody above has settled, asks a gateway for the
money and tells by news what became of it. An amount is an integer number of Colombian pesos everywhere.
"""
