"""One module a topic; each offers `app`, a group of commands, or `register(root)`."""
