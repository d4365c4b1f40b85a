"""The crawl and the command line; the only place that knows Scrapy."""
