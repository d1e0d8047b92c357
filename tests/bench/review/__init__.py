"""How long the pages of the review take with a year of calls behind them."""
