"""Chats, agent sessions and requests: read from files, framed as their makers frame them, compared."""
