"""The formats of chats and sessions, one adapter a file."""
