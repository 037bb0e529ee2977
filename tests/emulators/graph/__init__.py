"""Microsoft Graph's mail, as far as a client needs it that sends."""
