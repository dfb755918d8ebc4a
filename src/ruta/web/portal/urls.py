"""The citizen's pages. Forms and verification have their own packages and tables."""

from django.urls import URLPattern, URLResolver, path

from . import account, cases, home, search

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("tramites/", search.search, name="search"),
    path("mis-tramites/", cases.my_cases, name="cases"),
    path("cuenta/", account.account, name="account"),
]
