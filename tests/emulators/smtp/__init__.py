"""An SMTP server in this process, for what a client does when servers fail."""
