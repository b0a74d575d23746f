"""The service over HTTP: the JSON interface and the pages. A view reads, does one deed, and shows."""
