"""The demo: a company of our own making, with a mailbox full of paper and a real ERP."""
