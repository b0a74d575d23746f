"""The WSGI application, for any server: `gunicorn wsgi:app`. Settings come from the environment."""
