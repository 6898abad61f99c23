"""Files for others: pictures, tables, pages, a site."""
