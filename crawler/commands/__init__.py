"""Commands that have a module of their own; importing one adds it to the application."""
