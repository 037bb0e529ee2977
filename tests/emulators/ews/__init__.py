"""An Exchange server that exists only in tests: SOAP on the wire, faults on demand."""
