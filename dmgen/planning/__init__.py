"""What will be printed: lists and layouts brought together, every letter fitted, nothing issued yet."""
