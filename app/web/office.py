"""Pages."""

from flask import Blueprint

office = Blueprint("office", __name__)
