"""What cannot wait for the bulletin: who is told, by when, on which channel, and what became of it."""
