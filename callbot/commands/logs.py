"""Logs go to stderr, so that what a command prints can be piped: readable on a terminal, JSON elsewhere."""

from __future__ import annotations

import sys

import structlog


def configure_logs() -> None:
    """Called once by the ``callbot`` command. Personal values show as ``***`` wherever they come by."""
    readable = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer(default=str),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
