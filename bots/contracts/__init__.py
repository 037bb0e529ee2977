"""The contract desk: what is agreed, what is unusual about it, when it ends, and who has to know."""
