"""The state file's shape, step by step; a step that was released is never changed."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE pim (
        url TEXT NOT NULL
    ) STRICT;

    -- What the mapping gave when the PIM last took the item. `unsure` is set while a batch with
    -- the item is on its way: until there is an answer, nobody knows what the PIM holds. `mark` is
    -- that of the record it came from, which became so many items as `siblings` says.
    CREATE TABLE items (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        identifier TEXT NOT NULL,
        duplicates TEXT NOT NULL,
        fingerprint BLOB NOT NULL,
        mark BLOB,
        siblings INTEGER,
        run INTEGER NOT NULL,
        unsure INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (kind, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX items_by_mark ON items (mark) WHERE mark IS NOT NULL;

    -- All that the PIM ever took of the item and that nothing has replaced since: JSON, zlib.
    CREATE TABLE bodies (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (kind, key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE runs (
        run INTEGER PRIMARY KEY AUTOINCREMENT,
        command TEXT NOT NULL,
        exports TEXT NOT NULL,
        version TEXT NOT NULL,
        started TEXT NOT NULL,
        ended TEXT,
        exit_code INTEGER,
        ledger TEXT
    ) STRICT;

    CREATE TABLE rejects (
        run INTEGER NOT NULL REFERENCES runs,
        seq INTEGER NOT NULL,
        kind TEXT NOT NULL,
        identifier TEXT,
        export TEXT NOT NULL,
        record INTEGER NOT NULL,
        line INTEGER,
        stage TEXT NOT NULL,
        rule TEXT,
        message TEXT NOT NULL,
        value TEXT,
        PRIMARY KEY (run, seq)
    ) STRICT, WITHOUT ROWID;

    -- Paths that records had, each with the run that first saw it.
    CREATE TABLE paths (
        path TEXT PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES runs
    ) STRICT, WITHOUT ROWID;
    """,
    """
    -- Exports that runs took, each noted just before the run began to send.
    CREATE TABLE taken (
        run INTEGER PRIMARY KEY REFERENCES runs,
        digest BLOB,
        written TEXT
    ) STRICT;
    """,
)
