"""Static pages for any web host: coupon, lottery and AR pages, and the map from printed links to them."""

from dmgen.web.ar import ar_site, far_content
from dmgen.web.coupon import CodeForm, contact_address, coupon_page, shop_address
from dmgen.web.lottery import WINS, AtOnce, Win, at_once_page, fragment, wins_file
from dmgen.web.pages import Page, render
from dmgen.web.redirects import (
    Redirect,
    cloudflare_csv,
    netlify_redirects,
    nginx_http,
    nginx_map,
    nginx_server,
    path_of,
)
from dmgen.web.site import Content, write_site
from dmgen.web.words import Fact, day, facts, language_of, money, validity

__all__ = [
    "WINS",
    "AtOnce",
    "CodeForm",
    "Content",
    "Fact",
    "Page",
    "Redirect",
    "Win",
    "ar_site",
    "at_once_page",
    "cloudflare_csv",
    "contact_address",
    "coupon_page",
    "day",
    "facts",
    "far_content",
    "fragment",
    "language_of",
    "money",
    "netlify_redirects",
    "nginx_http",
    "nginx_map",
    "nginx_server",
    "path_of",
    "render",
    "shop_address",
    "validity",
    "wins_file",
    "write_site",
]
