"""What a change does to a running platform: rules as data, and the small interpreter that reads them."""
