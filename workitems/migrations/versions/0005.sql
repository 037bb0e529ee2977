-- Version 5: dossiers. A dossier is what several documents are about: a contract with its amendments, a joiner.

CREATE TABLE dossiers (
    id         TEXT PRIMARY KEY,
    desk       TEXT NOT NULL,
    key        TEXT NOT NULL,                -- what makes it one of a kind on its desk
    state      TEXT NOT NULL,                -- a word of the desk's own
    version    INTEGER NOT NULL,             -- grows with each change; who changes names the one that was read
    body       TEXT NOT NULL,                -- JSON
    created_at DOUBLE PRECISION NOT NULL,
    updated_at DOUBLE PRECISION NOT NULL,
    UNIQUE (desk, key)
);
CREATE INDEX dossiers_by_state ON dossiers (desk, state, id);

-- Under which words a dossier is found: names, numbers, addresses, as the desk folds them.
CREATE TABLE dossier_marks (
    dossier_id TEXT NOT NULL,
    desk       TEXT NOT NULL,
    mark       TEXT NOT NULL,
    PRIMARY KEY (desk, mark, dossier_id)
);
CREATE INDEX dossier_marks_by_dossier ON dossier_marks (dossier_id);

-- Every change with who and why: the version that it made, and the item that it came of.
CREATE TABLE dossier_changes (
    dossier_id TEXT NOT NULL,
    version    INTEGER NOT NULL,
    state      TEXT NOT NULL,
    item_id    TEXT NOT NULL,
    who        TEXT NOT NULL,
    why        TEXT NOT NULL,
    at         DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (dossier_id, version)
);
CREATE INDEX dossier_changes_by_item ON dossier_changes (item_id);
