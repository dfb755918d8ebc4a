"""What a process asks of the people in a case, and what each of them answers."""

from django.db import models

from ruta.kernel.ids import new_id

from .case import Case


class AskStatus(models.TextChoices):
    """An ask is open until all answered, its term ended, or the process takes it back."""

    OPEN = "open"
    DONE = "done"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Ask(models.Model):
    """Something asked of a party at one token of a case; those who are asked are its `persons`.

    `title` and `text` (Markdown) are in both languages. `data` are the facts to confirm or dispute, each {id, value}, and
    a title where it is no field of the act's form. `form` names the questions: a form of the act's `tasks/`. Both are
    read in the `version` on which they were asked, whatever becomes of the case.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="asks")
    token = models.PositiveIntegerField()
    version = models.ForeignKey("definitions.ServiceVersion", on_delete=models.PROTECT)
    node = models.CharField(max_length=120)
    party = models.CharField(max_length=40)
    level = models.CharField(max_length=9)  # how surely one must be known to see it and to answer
    title = models.JSONField()
    text = models.JSONField(default=dict)
    data = models.JSONField(default=list)
    form = models.CharField(max_length=80, blank=True)  # empty: data alone
    term = models.CharField(max_length=40)
    due_on = models.DateField()  # the present end of its term
    status = models.CharField(max_length=10, choices=AskStatus.choices, default=AskStatus.OPEN)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # null: open

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "token"], name="ask_once_per_token")]


class AskedStatus(models.TextChoices):
    """What became of an ask for one person."""

    OPEN = "open"
    ANSWERED = "answered"
    DISPUTED = "disputed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DECEASED = "deceased"


class AskedPerson(models.Model):
    """One person who is asked, by its row or by its document alone, and what this person answered.

    `disputed` are the ids of the data that the person says are wrong, `note` why.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="persons")
    person = models.ForeignKey(
        "identity.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )  # null: nobody with this document is known yet
    document_type = models.CharField(max_length=4, blank=True)
    document_number = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=AskedStatus.choices, default=AskedStatus.OPEN)
    values = models.JSONField(default=dict)
    disputed = models.JSONField(default=list)
    note = models.TextField(blank=True)
    at = models.DateTimeField(null=True)  # null: not answered
    entered_by = models.ForeignKey(
        "identity.Official", on_delete=models.PROTECT, null=True, related_name="+"
    )  # null: by the person; else the official who wrote down what the person said at the counter

    class Meta:
        indexes = [
            models.Index(fields=["person"], condition=models.Q(status="open"), name="asked_open_person"),
            models.Index(
                fields=["document_number"],
                condition=models.Q(status="open", person__isnull=True),
                name="asked_open_document",
            ),
        ]
