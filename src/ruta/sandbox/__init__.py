"""The world outside, played over the real protocols, in a process of its own. It imports no other room."""
