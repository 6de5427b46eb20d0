"""The browser tests' own tools: a page is served and seen, and a request to anybody else is noticed."""

import pytest

pytestmark = pytest.mark.system


def test_a_request_that_leaves_the_site_is_noticed(phone, serve, tmp_path):
    (tmp_path / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><p>届きました</p><img src="http://127.0.0.2:9/x.png">', "utf-8"
    )
    site = serve(tmp_path)
    site.watch(phone)
    phone.goto(site.url)
    assert phone.inner_text("p") == "届きました"
    assert site.outside == ["http://127.0.0.2:9/x.png"]
