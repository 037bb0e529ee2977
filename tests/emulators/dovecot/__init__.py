"""A real Dovecot as a private instance: own configuration, own ports on 127.0.0.1, an own folder."""
