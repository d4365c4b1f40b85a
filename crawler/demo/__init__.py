"""The bundled demo outlet: a small news site on loopback that behaves like a WordPress one.

`python -m crawler.demo` shows it in a browser; `serve` runs it for a crawl.
"""

from crawler.demo.site import DemoSite, serve

__all__ = ["DemoSite", "serve"]
