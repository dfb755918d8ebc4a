"""First stone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def account(request: HttpRequest) -> HttpResponse:
    """First stone."""
    return render(request, "portal/home.html")
