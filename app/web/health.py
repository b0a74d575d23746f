"""Whether the service is alive, and able to serve."""

from flask import Blueprint, Response, jsonify

from app.services import closing
from app.web.site import books

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="alive")


@health.get("/readyz")
def readyz() -> Response:
    """The books can be read, and whether they are open to redemption. Raises Unavailable (503) when they cannot."""
    closed = closing.closed_reason(books())
    return jsonify(status="ready", redemption="open" if closed is None else "closed")
