"""All reading and writing below the crawl: WARC segments, Delta tables, ``latest/``."""

import pyarrow as pa

# Arrow's default (mimalloc) keeps what it frees for itself, 50 MB of it in a crawl: docs/memory.md.
pa.set_memory_pool(pa.system_memory_pool())
