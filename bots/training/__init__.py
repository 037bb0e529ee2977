"""What people's answers teach: lessons about suppliers, rows for training, models that are compared and promoted."""
