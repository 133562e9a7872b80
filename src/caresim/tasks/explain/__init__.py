"""Who gets the credit: what each way in which two staffing models differ has to do with how they end."""
