"""Tables out of files: workbooks, folders of CSV and of Parquet, with the place of every cell."""
