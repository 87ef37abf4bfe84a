"""Tables and reports as files: CSV, XLSX, Parquet and PDF."""
