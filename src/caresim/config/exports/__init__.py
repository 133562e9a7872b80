"""The files of contact centres as their systems export them: how they are read, and how they look."""
