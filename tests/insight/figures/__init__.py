"""What calls come to."""
