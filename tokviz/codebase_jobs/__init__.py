"""What the worker process is asked to do for the codebase page. No Qt here."""
