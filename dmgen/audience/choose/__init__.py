"""Who gets which letter: the campaign's segments and what narrows them."""
