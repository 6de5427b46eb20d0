"""Static pages for any web host: coupon, lottery and AR pages, and the map from printed links to them."""
