"""Writes of the room. One function is one use case in one transaction; what calls the gateway says so and
holds no lock while it waits."""

from .charging import create_charge, expire_charges, record_counter_payment, void_charge
from .checkout import receive_webhook, reconcile, reconcile_day, reconcile_pending, start_checkout
from .refunds import approve_refund, decline_refund, request_refund, send_refund

__all__ = [
    "approve_refund",
    "create_charge",
    "decline_refund",
    "expire_charges",
    "receive_webhook",
    "reconcile",
    "reconcile_day",
    "reconcile_pending",
    "record_counter_payment",
    "request_refund",
    "send_refund",
    "start_checkout",
    "void_charge",
]
