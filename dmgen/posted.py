"""What a plan hands to the post: its letters by size and weight, with and without barcode, by postal district."""
