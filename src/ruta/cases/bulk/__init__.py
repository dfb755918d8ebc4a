"""Many applications in one file (CSV or NDJSON): read, shown, confirmed, filed line by line by workers, answered.

Each line is filed or refused as a whole, by the same form, rules and rights as one that is filed alone; a wrong line
stops no other. A line files once, however often the file is sent: by the key that it gives, else by what it says.
"""
