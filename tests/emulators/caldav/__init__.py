"""A CalDAV server, as far as RFC 4791 says what a client may rely on."""
