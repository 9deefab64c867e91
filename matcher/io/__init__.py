"""Files in and out: the only room that touches the disk."""
