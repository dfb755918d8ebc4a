"""What was posted for a task, as typed: dates of three boxes are joined, and the machinery's own fields left out."""

from django.http import HttpRequest

BOXES = (".day", ".month", ".year")
NOT_TYPED = ("csrfmiddlewaretoken", "rev")


def typed_of(request: HttpRequest) -> dict[str, str]:
    """The fields of the form by name; a date as a person would write it, `27/03/1998`."""
    typed = {
        name: value
        for name, value in request.POST.items()
        if isinstance(value, str) and name not in NOT_TYPED and not name.endswith(BOXES)
    }
    dates = {name.rpartition(".")[0] for name in request.POST if name.endswith(BOXES)}
    for name in dates:
        boxes = [request.POST.get(f"{name}{box}", "").strip() for box in BOXES]
        typed[name] = "/".join(boxes) if any(boxes) else ""
    return typed
