"""First stone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """First stone."""
    return render(request, "portal/home.html")
