"""Mail: what a message is, how it comes in, how it goes out."""
