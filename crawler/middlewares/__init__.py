"""What stands between the engine and the network: addresses, robots.txt, the archive."""
