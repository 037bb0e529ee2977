"""The demo's paper: bills of the fictional company's suppliers as PDFs, e-invoices, scans and mails.

`devdata/make_demo.py` writes them to `devdata/demo`. Everything is computed from `devdata/company.json` with fixed
dates and seeds, so that making it again gives the same bytes (with the locked versions of the libraries).
"""
