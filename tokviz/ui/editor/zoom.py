"""The size of the letters in texts is one for all views, and remembered."""

from tokviz.ui.common.settings import ZOOM, ZOOM_STEPS, Settings
from tokviz.ui.editor.token_view import TokenView


def share_zoom(view: TokenView, settings: Settings) -> None:
    """Give the view's letters the size that is remembered, now and whenever it changes; remember what the
    user makes of it here."""

    def follow() -> None:
        view.set_zoom(settings.number(ZOOM, 0, *ZOOM_STEPS))

    follow()
    settings.follow(ZOOM, follow, view)
    view.zoom_changed.connect(lambda steps: settings.set(ZOOM, steps))
