"""What the clients of other servers send, and what they get; `make clients` runs the real ones."""
