"""Pages."""

from flask import Blueprint

account = Blueprint("account", __name__)


@account.get("/account/sign-in")
def sign_in() -> str:
    """Sign in."""
    return ""
