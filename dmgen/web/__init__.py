"""Static pages for any web host: coupon, lottery and AR pages, and the map from printed links to them."""

from dmgen.web.pages import Page, render
from dmgen.web.site import write_site

__all__ = ["Page", "render", "write_site"]
