"""Who gets the credit: how much each way in which two staffing models differ adds to the difference in how they end."""
