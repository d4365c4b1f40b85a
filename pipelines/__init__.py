"""From a page as served to a clean article: pure functions, and the store below them.

Nothing in here imports Scrapy; `crawler` is the only place that does.
"""

__version__ = "0.1.0"
"""As in pyproject.toml; a constant, for asking the installation would be I/O."""
