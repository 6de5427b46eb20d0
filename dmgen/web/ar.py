"""The AR page: the campaign's film or picture laid over the letter by a phone's camera, or shown without one."""

import json
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from dmgen.errors import CampaignError
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Campaign
from dmgen.model.layout import ArSlot, Box, Layout
from dmgen.model.offer import CodeSource
from dmgen.model.web import Ar, Media
from dmgen.symbols import MARKER_CELLS, aruco_symbol
from dmgen.web.pages import Page, render
from dmgen.web.site import Content
from dmgen.web.words import language_of

TOLERANCE = 4
"""js-aruco2 takes fewer wrong cells than this. Measured: 0 false markers in 60 frames of a letter with only a QR code,
40 with its own default of 12."""

FAR = 5.0
"""Marker widths from the marker's middle, beyond which what lies there is seen to shake in a hand."""

_HERE = Path(__file__).parent
_VENDOR = _HERE / "vendor" / "js-aruco2"
_VENDORED = ("cv.js", "aruco.js", "LICENSE.txt")
_SUFFIXES = {Media.FILM: ".mp4", Media.PNG: ".png", Media.JPEG: ".jpg", Media.WEBP: ".webp"}
_POLICY = {"connect-src": "'self'", "img-src": "'self' data:", "media-src": "'self'", "script-src": "'self'"}

_WORDS = {
    "how": mark("Hold your phone over the square mark on the letter."),
    "camera": mark("Use the camera"),
    "private": mark("The camera's picture stays on this device. It is not sent anywhere, and not kept."),
    "plain": mark("Go on without the camera"),
    "picture": mark("A letter with its square mark; what you see appears at the dashed frame"),
    "line": mark("LINE's own browser may have no camera."),
    "elsewhere": mark("Open in the phone's browser"),
    "inapp": mark("This app may have no camera. From its menu, open this page in Safari or Chrome."),
    "refused": mark("The camera was not allowed, so here it is without. You can allow it in the browser's settings."),
    "none": mark("No camera was found, so here it is without."),
    "busy": mark("The camera is in use by another app, so here it is without. Close that app and try again."),
    "ended": mark("The camera has stopped, so here it is without."),
    "unsupported": mark("This browser has no camera for this page, so here it is without."),
    "trouble": mark("The camera cannot be used at present, so here it is without."),
    "view": mark("What the camera sees"),
    "close": mark("Close the camera"),
    "search": mark("Bring the square mark on the letter into the picture."),
    "dim": mark("It is rather dark here. Somewhere brighter, the mark is found at once."),
    "help": mark("Come a little nearer and hold the whole mark in the picture, without a shadow on it."),
    "sound": mark("Turn the sound on"),
    "mute": mark("Turn the sound off"),
    "coupon": mark("Your coupon code"),
    "coupon_use": mark("Enter it when you order."),
    "terms": mark("Until when, and on which terms"),
}
_TITLE = mark("Hold your phone over the letter")


def ar_site(campaign: Campaign, alphabet: str) -> dict[str, Content]:
    """The files of the AR page's folder; `alphabet` is that of the coupon codes, which the page checks and shows.

    Raises CampaignError where the campaign has no [ar], no letter carries its marker, or letters carry it at
    different places (the content's place is measured from it).
    """
    ar, layout, marker = _marker(campaign)
    shop = campaign.shop
    language = language_of(shop)
    say = Speaker(language).say
    title = ar.title or say(_TITLE)
    told = campaign_json(ar, marker, language, title)
    page = render(
        Page("ar.html", language, ("ar.css",), ("ar.js",), _POLICY),
        sender=shop.sender,
        title=title,
        text=ar.text.split("\n") if ar.text else [],
        words={name: say(text) for name, text in _WORDS.items()},
        alphabet=alphabet,
        pool=any(offer.codes is CodeSource.POOL for offer in campaign.offers.values()),
        sound=ar.sound,
        film=ar.media is Media.FILM,
        file=told["content"]["file"],
        letter=layout,
        lines=list(_lines(layout, marker, ar.place)),
        marker={"box": told["marker"]["box"], "cells": MARKER_CELLS, "path": _cells(ar.marker)},
        place=told["content"]["place"],
    )
    return {
        "index.html": page,
        "campaign.json": (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode(),
        "ar-detect.js": (_HERE / "templates" / "ar-detect.js").read_bytes(),
        told["content"]["file"]: partial(shutil.copyfile, ar.content),
        **{f"js-aruco2/{name}": (_VENDOR / name).read_bytes() for name in _VENDORED},
    }


def campaign_json(ar: Ar, marker: Box, language: str, title: str) -> dict[str, Any]:
    """What the page's script knows: boxes are [left, top, width, height] in mm from the letter's trimmed corner."""
    return {
        "format": 1,
        "language": language,
        "title": title,
        "text": ar.text,
        "marker": {
            "dictionary": "ARUCO_MIP_36h12",
            "id": ar.marker,
            "maxHammingDistance": TOLERANCE,
            "box": _numbers(marker),
        },
        "content": {
            "file": f"content{_SUFFIXES[ar.media]}",
            "kind": "video" if ar.media is Media.FILM else "image",
            "type": ar.media.value,
            "sound": ar.sound,
            "place": _numbers(ar.place),
        },
    }


def far_content(campaign: Campaign) -> list[CampaignError]:
    """A remark where the content lies so far from the marker that it shakes with every tremble of the hand."""
    ar, _, marker = _marker(campaign)
    middle = marker.left + marker.width / 2, marker.top + marker.height / 2
    edges = [(ar.place.left, ar.place.left + ar.place.width), (ar.place.top, ar.place.top + ar.place.height)]
    away = max(abs(edge - at) for at, pair in zip(middle, edges, strict=True) for edge in pair) / marker.width
    if away <= FAR:
        return []
    message = mark(
        "[ar] place reaches {away:.1f} marker widths from the marker, and a hand's tremble shows the more the "
        "farther it is: best within {most:g}, or with a larger marker"
    )
    return [CampaignError(message, away=away, most=FAR)]


def _marker(campaign: Campaign) -> tuple[Ar, Layout, Box]:
    if campaign.ar is None:
        message = mark(
            "{campaign}: there is no [ar] in campaign.toml; for example: "
            '[ar] content = "film.mp4" and place = [20, 40, 80, 45]'
        )
        raise CampaignError(message, campaign=campaign.folder)
    found = list(_markers(campaign))
    if not found:
        message = mark(
            "{campaign}: no letter carries the marker; write in its layout "
            'ar = {{ kind = "ar", box = [150, 250, 42, 42] }}'
        )
        raise CampaignError(message, campaign=campaign.folder)
    layout, slot = found[0]
    for other, its in found:
        if _numbers(its.area) != _numbers(slot.area):
            message = mark(
                "{file}: slot {slot}: the marker stands elsewhere than in {other}; the content's place is measured "
                "from it, so all letters of a campaign have it at the same place and in the same size"
            )
            raise CampaignError(message, file=other.file, slot=its.name, other=layout.file)
    return campaign.ar, layout, slot.area


def _markers(campaign: Campaign) -> Iterator[tuple[Layout, ArSlot]]:
    for layout in campaign.layouts.values():
        for page in layout.pages:
            yield from ((layout, slot) for slot in page.slots if isinstance(slot, ArSlot))


def _numbers(box: Box) -> list[float]:
    return [round(value, 3) for value in (box.left, box.top, box.width, box.height)]


def _lines(layout: Layout, *taken: Box) -> Iterator[float]:
    """Where the drawn letter has lines of text: clear of the marker and of what appears."""
    step, top = 8.0, layout.height * 0.1
    for number in range(int(layout.height * 0.8 / step)):
        line = Box(layout.width * 0.12, top + number * step, layout.width * 0.76, 2.4)
        if not any(line.meets(box.grown(6)) for box in taken):
            yield round(line.top, 2)


def _cells(marker: int) -> str:
    """The marker as an SVG path, a cell a unit."""
    rows = aruco_symbol(marker).grid()
    return "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
