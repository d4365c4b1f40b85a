"""From a page as served to a clean article: pure functions, and the store below them.

Nothing in here imports Scrapy; `crawler` is the only place that does.
"""
