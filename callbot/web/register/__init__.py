"""The public register and the last verification of the charter, for everybody, without sign-in and without script."""
