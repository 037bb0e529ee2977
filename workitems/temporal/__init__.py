"""Scale-out: Temporal owns the items, our database holds effects and files, and shows the items (docs/temporal.md)."""
