"""The page of the staffing plan: what the bot does to waiting, for agents and shares that somebody wants to try."""
