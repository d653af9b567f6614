"""The window: see ``tokviz/README.md`` for its rooms."""

from tokviz.ui.overrides import keep_errors_whole

# Before any class of the window is made.
keep_errors_whole()
