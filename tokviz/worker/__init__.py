"""What the worker process does. No Qt here."""
