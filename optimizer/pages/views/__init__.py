"""One module a page: it reads the state, calls the core, and draws."""
