"""The contract desk's demo data, and edited clauses for its tests and its benchmark."""
