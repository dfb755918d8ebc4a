"""What can go wrong with a payment, each with the message that a person gets."""

from ruta.kernel.errors import Conflict, RutaError, Unavailable
from ruta.kernel.money import format_pesos


class GatewayUnavailable(Unavailable):
    """The gateway does not answer; what was asked is kept and asked again."""

    code = "gateway-unavailable"

    def __init__(self) -> None:
        super().__init__(
            {
                "es": (
                    "La pasarela de pagos no responde. No se le cobró nada: intente de nuevo en unos minutos."
                ),
                "en": "The payment gateway does not answer. Nothing was taken: try again in a few minutes.",
            }
        )


class GatewayRefused(RutaError):
    """The gateway understood and will not do it; asking again changes nothing."""

    status = 502
    code = "gateway-refused"

    def __init__(self) -> None:
        super().__init__(
            {
                "es": "La pasarela de pagos no aceptó la operación. No se tomó nada: avise a la entidad.",
                "en": "The payment gateway did not accept the operation. Nothing was taken: tell the agency.",
            }
        )


class SignatureWrong(RutaError):
    """The notice was not signed by the gateway."""

    status = 401
    code = "signature-wrong"

    def __init__(self) -> None:
        super().__init__(
            {
                "es": (
                    "Aviso: la firma no corresponde. Firme la marca de tiempo y el cuerpo con el "
                    "secreto vigente."
                ),
                "en": (
                    "Notice: the signature is wrong. Sign the timestamp and the body with the current secret."
                ),
            },
            field="signature",
        )


class NoticeStale(RutaError):
    """The notice was signed outside the window in which it is taken, so it may be a replay."""

    status = 400
    code = "notice-stale"

    def __init__(self) -> None:
        super().__init__(
            {
                "es": (
                    "Aviso: la marca de tiempo está fuera de los 5 minutos permitidos. Fírmelo de "
                    "nuevo y reenvíelo."
                ),
                "en": "Notice: the timestamp is outside the 5 minutes allowed. Sign it again and resend it.",
            },
            field="timestamp",
        )


class NoticeUnreadable(RutaError):
    """The notice has no event id, reference or amount."""

    code = "notice-unreadable"

    def __init__(self) -> None:
        super().__init__(
            {
                "es": "Aviso: no se entiende. Debe ser JSON con id, type, reference y amount.",
                "en": "Notice: it cannot be read. It must be JSON with id, type, reference and amount.",
            },
            field="body",
        )


class AmountDiffers(RutaError):
    """Another amount than the charge's (CO-B13)."""

    status = 422
    code = "amount-differs"

    def __init__(self, due: int) -> None:
        super().__init__(
            {
                "es": f"Valor: el cobro es de {format_pesos(due)}; no se tomó nada.",
                "en": f"Amount: the charge is {format_pesos(due)}; nothing was taken.",
            },
            field="amount",
        )


class PaymentPending(Conflict):
    """The bank has not answered about an earlier attempt."""

    code = "payment-pending"

    def __init__(self) -> None:
        super().__init__(
            {
                "es": (
                    "Su pago está en proceso en el banco. No pague otra vez: le avisaremos apenas responda."
                ),
                "en": (
                    "Your payment is being processed by the bank. Do not pay again: we will tell you "
                    "as soon as it answers."
                ),
            }
        )


class NotPayable(Conflict):
    """The charge is paid, expired, void or refunded."""

    code = "not-payable"

    def __init__(self, status: str) -> None:
        said = {
            "paid": (
                "Este cobro ya está pagado; su recibo está en el expediente.",
                "This charge is already paid; the receipt is in the case.",
            ),
            "expired": (
                "El plazo para pagar este cobro terminó. Presente de nuevo la solicitud; sus datos se "
                "conservan.",
                "The time to pay this charge is over. File the application again; your data are kept.",
            ),
        }
        es, en = said.get(
            status,
            ("Este cobro se anuló; no hay nada que pagar.", "This charge was cancelled; nothing is due."),
        )
        super().__init__({"es": es, "en": en})
