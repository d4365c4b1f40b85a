"""All reading and writing below the crawl: WARC segments, Delta tables, ``latest/``."""
