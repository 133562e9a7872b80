"""What people look at: figures and the table in the terminal. Nothing here changes a result."""
