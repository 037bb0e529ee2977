-- Version 1 of the store. Run once on an empty database, in one transaction (schema.py).
--
-- Written for SQLite and PostgreSQL alike: plain types, no triggers, booleans as 0 and 1, times as seconds since
-- 1970 (UTC). PostgreSQL reads INTEGER as BIGINT, and an AUTOINCREMENT as an identity (schema.py).
--
-- Cost: no statement of a working step may depend on how many items there are. Every WHERE below that a step runs has
-- an index that holds only the rows in that state, and `counters` answers "how many" without counting.

CREATE TABLE items (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,   -- the order in which items came; an item keeps its place
    id             TEXT    NOT NULL UNIQUE,
    queue          TEXT    NOT NULL,
    state          TEXT    NOT NULL,                    -- states.py
    payload        TEXT    NOT NULL,                    -- any JSON
    code           TEXT,                                -- why it is in this state: a stable code ...
    message        TEXT,                                -- ... and a sentence
    priority       INTEGER NOT NULL DEFAULT 0,          -- higher is taken first
    not_before     DOUBLE PRECISION,                    -- a ready item waits until then (backoff); NULL: takeable now
    deadline       DOUBLE PRECISION,                    -- when it should be done; for reports and escalation
    attempts       INTEGER NOT NULL DEFAULT 0,          -- APPLICATION failures since the last word of a person
    lost_leases    INTEGER NOT NULL DEFAULT 0,          -- workers that ended while they had it
    fence          INTEGER NOT NULL DEFAULT 0,          -- counts reservations; who names an older one writes nothing
    lease_owner    TEXT,                                -- owners.py
    lease_until    DOUBLE PRECISION,
    taken_at       DOUBLE PRECISION,
    parent_id      TEXT,
    root_id        TEXT    NOT NULL,                    -- the first item of the lineage
    is_batch       INTEGER NOT NULL DEFAULT 0,          -- 1: a trigger; each of its outputs begins a lineage of its own
    version        INTEGER NOT NULL DEFAULT 1,          -- counts changes of state and payload (optimistic locking)
    created_at     DOUBLE PRECISION NOT NULL,
    updated_at     DOUBLE PRECISION NOT NULL
);
-- The head of a queue: what reserve takes. Items in backoff are not in it, so they cost nothing however many wait.
CREATE INDEX items_ready    ON items (queue, priority DESC, seq) WHERE state = 'ready' AND not_before IS NULL;
CREATE INDEX items_waiting  ON items (queue, not_before)         WHERE state = 'ready' AND not_before IS NOT NULL;
CREATE INDEX items_leases   ON items (queue, lease_until)        WHERE state = 'taken';
CREATE INDEX items_held     ON items (parent_id)                 WHERE state = 'held';
-- Lists for people, and the oldest item per queue and state.
CREATE INDEX items_by_state ON items (state, queue, seq);
CREATE INDEX items_by_queue ON items (queue, seq);
CREATE INDEX items_by_root  ON items (root_id, seq);

CREATE TABLE item_files (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,          -- the order in which names were added
    item_id TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    sha256  TEXT    NOT NULL,                           -- names the blob on disk (files.py)
    size    INTEGER NOT NULL,                           -- bytes
    UNIQUE (item_id, name)
);
CREATE INDEX item_files_by_blob ON item_files (sha256);

-- One row per transition, written in the transaction of the transition.
CREATE TABLE events (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id    TEXT NOT NULL,
    at         DOUBLE PRECISION NOT NULL,
    from_state TEXT,                                    -- NULL: the item came into being
    to_state   TEXT NOT NULL,
    who        TEXT NOT NULL,
    why        TEXT NOT NULL
);
CREATE INDEX events_by_item ON events (item_id, seq);

-- How many items are in which state of which queue, kept by every transition.
CREATE TABLE counters (
    queue TEXT    NOT NULL,
    state TEXT    NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (queue, state)
);

-- One row per automated decision.
CREATE TABLE decisions (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id TEXT NOT NULL,
    at      DOUBLE PRECISION NOT NULL,
    body    TEXT NOT NULL                               -- items.Decision as JSON
);
CREATE INDEX decisions_by_item ON decisions (item_id, seq);

-- What was done, or is about to be done, in other systems. The key is the claim: there is one effect per key, for ever.
CREATE TABLE effects (
    key         TEXT PRIMARY KEY,
    item_id     TEXT NOT NULL,
    state       TEXT NOT NULL,                          -- intent | done
    intent      TEXT NOT NULL,                          -- JSON: what was to be done
    result      TEXT,                                   -- JSON: what came of it
    created_at  DOUBLE PRECISION NOT NULL,
    finished_at DOUBLE PRECISION
);

-- The mail ledger. A row belongs to the attempt that claimed it (parent and fence, or the process where another host
-- keeps the items) and dies with it; it becomes known in the transaction that releases the parent as done.
CREATE TABLE mails (
    message_key TEXT PRIMARY KEY,
    mailbox     TEXT NOT NULL,
    state       TEXT NOT NULL,                          -- claimed | known
    parent_id   TEXT NOT NULL,
    fence       INTEGER,                                -- NULL: the parent is an item of another host
    owner       TEXT NOT NULL,
    details     TEXT NOT NULL,                          -- JSON
    created_at  DOUBLE PRECISION NOT NULL
);
CREATE INDEX mails_claimed ON mails (parent_id) WHERE state = 'claimed';

-- Keys under which a document may be met again: the search for duplicates.
CREATE TABLE fingerprints (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    key         TEXT NOT NULL,
    root_id     TEXT NOT NULL,                          -- of the item; its document where another host keeps it
    item_id     TEXT NOT NULL,
    document_id TEXT NOT NULL,
    filename    TEXT NOT NULL,
    created_at  DOUBLE PRECISION NOT NULL,
    UNIQUE (key, root_id)
);

CREATE TABLE locks (
    name       TEXT PRIMARY KEY,
    owner      TEXT NOT NULL,
    token      TEXT NOT NULL,
    expires_at DOUBLE PRECISION NOT NULL
);
