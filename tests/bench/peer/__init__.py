"""A peer in the same run: the least that pipecat needs to hear a phone call and to answer, with the same weights."""
