"""What a cell says: text cleaned, amounts, dates and flags read; and tools over whole columns of them."""
