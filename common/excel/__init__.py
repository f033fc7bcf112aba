"""Reading and writing Chinese project lists: bytes in, understood rows out. Pure: no database, no Django."""
