"""What the carts of online shops take: coupon codes in the layout of each."""
