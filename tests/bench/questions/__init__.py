"""Whether callers get the right answer to their questions, or an honest "je ne sais pas"."""
