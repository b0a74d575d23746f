"""The WSGI application for any server (`gunicorn wsgi:app`); settings come from the environment."""

from app.config import from_environment
from app.factory import create_app

app = create_app(from_environment())
