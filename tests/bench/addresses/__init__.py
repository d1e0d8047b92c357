"""What the telephone and the recogniser make of the addresses people say."""
