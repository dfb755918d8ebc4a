"""What is owed, asked, moved and proved. Amounts are integer pesos; instants are aware UTC."""

from django.db import models

from ruta.kernel.ids import new_id


class Charge(models.Model):
    """An amount asked of one payer: lines that sum to `total`, less the receipts `credited`, leaves `due`."""

    class Status(models.TextChoices):
        OPEN = "open"  # nothing paid yet
        PENDING = "pending"  # the bank has not said yet; the person is told not to pay again
        PAID = "paid"
        EXPIRED = "expired"
        VOID = "void"
        REFUNDED = "refunded"  # all that was paid went back

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=14, unique=True)  # the payment reference: year, serial, check digit
    case_id = models.UUIDField(null=True)  # null: asked for outside a case
    case_number = models.CharField(max_length=32, blank=True)
    token = models.BigIntegerField(null=True)  # the process token that waits; null: none does
    payer = models.UUIDField(null=True)  # a person; null: whoever holds the reference
    lines = models.JSONField()
    total = models.BigIntegerField()
    credited = models.BigIntegerField(default=0)
    due = models.BigIntegerField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)  # null: never
    paid_at = models.DateTimeField(null=True)  # null: not paid
    closed_reason = models.CharField(max_length=200, blank=True)  # why it is void

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "token"],
                condition=models.Q(case_id__isnull=False, token__isnull=False),
                name="one_charge_per_token",
            ),
            models.CheckConstraint(
                condition=models.Q(total__gte=0, credited__gte=0, due__gte=0)
                & models.Q(total=models.F("credited") + models.F("due")),
                name="charge_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["payer", "-id"]),
            models.Index(fields=["case_number"]),
            models.Index(
                fields=["expires_at"],
                condition=models.Q(status__in=["open", "pending"]),
                name="charge_may_expire",
            ),
        ]


class CheckoutSession(models.Model):
    """One visit to the gateway for a charge. It is written before the gateway is called, so an answer lost on
    the way is found again by its idempotency key."""

    class Status(models.TextChoices):
        CREATING = "creating"  # the gateway has not answered yet
        OPEN = "open"
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=new_id)  # also the idempotency key
    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="sessions")
    gateway_id = models.CharField(max_length=64, blank=True)  # empty while the gateway has not answered
    url = models.URLField(max_length=500, blank=True)
    return_url = models.URLField(max_length=500)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.CREATING)
    created_at = models.DateTimeField()
    checks = models.PositiveIntegerField(default=0)
    next_check_at = models.DateTimeField(null=True)  # null: nothing more is expected of it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gateway_id"], condition=~models.Q(gateway_id=""), name="one_row_per_gateway_session"
            )
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"],
                condition=models.Q(next_check_at__isnull=False),
                name="session_to_be_checked",
            )
        ]


class Payment(models.Model):
    """Money that moved, or is about to: one row per payment of the gateway or of a counter."""

    class Status(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"  # it paid its charge
        HELD = "held"  # credit of the payer: late, second, of another amount, or in advance
        REJECTED = "rejected"

    class Why(models.TextChoices):
        """Why a payment is held."""

        ADVANCE = "advance"
        LATE = "late"
        SECOND = "second"
        AMOUNT = "amount"

    id = models.UUIDField(primary_key=True, default=new_id)
    charge = models.ForeignKey(
        Charge, null=True, on_delete=models.PROTECT, related_name="payments"
    )  # null: paid in advance
    session = models.ForeignKey(
        CheckoutSession, null=True, on_delete=models.PROTECT, related_name="payments"
    )  # null: at a counter
    external_id = models.CharField(max_length=64, unique=True)  # the gateway's or the counter's own id
    payer = models.UUIDField(null=True)  # null: unknown
    method = models.CharField(max_length=12)
    amount = models.BigIntegerField()
    approval = models.CharField(max_length=32, blank=True)  # CUS or approval code
    status = models.CharField(max_length=8, choices=Status.choices)
    held_because = models.CharField(max_length=8, choices=Why.choices, blank=True)
    used = models.BigIntegerField(default=0)  # of a held payment: what was credited to a charge
    refunded = models.BigIntegerField(default=0)
    paid_at = models.DateTimeField()
    noticed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=models.Q(used__gte=0, refunded__gte=0)
                & models.Q(amount__gte=models.F("used") + models.F("refunded")),
                name="payment_is_spent_once",
            ),
            models.UniqueConstraint(
                fields=["charge"], condition=models.Q(status="accepted"), name="a_charge_is_paid_once"
            ),
        ]


class Receipt(models.Model):
    """The proof a payer keeps. One for each paid charge, and one for each payment held as credit."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=14, unique=True)  # RC-YYYY-NNNNNN
    code = models.CharField(max_length=14, unique=True)  # verification code, as of an output
    charge = models.OneToOneField(
        Charge, null=True, on_delete=models.PROTECT, related_name="receipt"
    )  # null: of a payment held as credit
    payment = models.OneToOneField(
        Payment, null=True, on_delete=models.PROTECT, related_name="receipt"
    )  # null: earlier receipts covered the charge
    payer = models.UUIDField(null=True)
    lines = models.JSONField()
    amount = models.BigIntegerField()  # the money that this receipt proves
    issued_at = models.DateTimeField()
    used_by = models.ForeignKey(
        Charge, null=True, on_delete=models.PROTECT, related_name="credits"
    )  # the charge that it was credited to; null: not used

    class Meta:
        indexes = [models.Index(fields=["payer", "-id"])]


class Refund(models.Model):
    """Money to be sent back: one person asks, another one approves."""

    class Status(models.TextChoices):
        REQUESTED = "requested"
        APPROVED = "approved"
        SENT = "sent"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=new_id)
    charge = models.ForeignKey(
        Charge, null=True, on_delete=models.PROTECT, related_name="refunds"
    )  # null: of an advance
    case_id = models.UUIDField(null=True)
    token = models.BigIntegerField(null=True)  # the process token that waits; null: none does
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.REQUESTED)
    requested_by = models.CharField(max_length=80)  # an actor's reference: `official:12`, `system:payments`
    requested_at = models.DateTimeField()
    due_on = models.DateField()  # 15 business days for fees
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_is_positive")]
        indexes = [
            models.Index(fields=["due_on"], condition=models.Q(status="requested"), name="refund_to_decide")
        ]


class RefundPart(models.Model):
    """What goes back of one payment; its id is the key under which the gateway is told, once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="parts")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refund_parts")
    amount = models.BigIntegerField()
    open = models.BooleanField(default=True)  # neither sent nor declined
    proof = models.CharField(max_length=64, blank=True)  # the gateway's number of the refund

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payment"], condition=models.Q(open=True), name="one_open_refund_per_payment"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_part_is_positive"),
        ]


class LedgerEntry(models.Model):
    """One leg of a double entry: debit positive, credit negative. The database refuses a posting whose legs
    do not sum to zero, and any change of what was posted."""

    id = models.BigAutoField(primary_key=True)
    posting = models.UUIDField(db_index=True)  # the legs of one movement
    account = models.CharField(max_length=80)  # receivable, gateway, bank, credit, revenue:<beneficiary>
    amount = models.BigIntegerField()
    what = models.CharField(max_length=20)
    charge = models.ForeignKey(Charge, null=True, on_delete=models.PROTECT)
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()


class WebhookReceipt(models.Model):
    """A signed notice of the gateway, kept once by its event id."""

    event_id = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=40)
    charge_number = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)  # of the body; the body itself is not kept
    verdict = models.CharField(max_length=20)  # taken, unknown-charge, amount-differs
    received_at = models.DateTimeField()
    repeated = models.PositiveIntegerField(default=0)


class Difference(models.Model):
    """A line of the daily reconciliation in which the gateway's file and the ledger disagree."""

    class Kind(models.TextChoices):
        MISSING_IN_LEDGER = "missing_in_ledger"
        MISSING_AT_GATEWAY = "missing_at_gateway"
        AMOUNT_DIFFERS = "amount_differs"
        DUPLICATE = "duplicate"
        UNKNOWN_REFERENCE = "unknown_reference"

    id = models.UUIDField(primary_key=True, default=new_id)
    day = models.DateField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reference = models.CharField(max_length=32)
    external_id = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    found_at = models.DateTimeField()
    mended = models.BooleanField(default=False)  # the ledger was brought up to date at once

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "external_id"], name="a_difference_is_told_once")
        ]
