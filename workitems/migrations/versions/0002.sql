-- Version 2: items that another host moves, counters that many writers keep at once, rates, targets, schedules, workers.

ALTER TABLE items ADD COLUMN host TEXT;                 -- NULL: this store moves the item. Else another host does
                                                        -- (temporal, control_room), and the row shows what it said last
ALTER TABLE items ADD COLUMN assigned_to TEXT;          -- who shall look at it; NULL: anybody

DROP INDEX items_ready;
CREATE INDEX items_ready ON items (queue, priority DESC, seq)
 WHERE state = 'ready' AND not_before IS NULL AND host IS NULL;

-- Writers count in slots of their own, so that none waits for another's row; a count is the sum over the slots.
ALTER TABLE counters RENAME TO counters_1;
CREATE TABLE counters (
    queue TEXT    NOT NULL,
    state TEXT    NOT NULL,
    slot  INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (queue, state, slot)
);
INSERT INTO counters (queue, state, slot, count) SELECT queue, state, 0, count FROM counters_1;
DROP TABLE counters_1;

-- How many items came into which state in which minute (since 1970): what rates are computed from.
CREATE TABLE rates (
    queue  TEXT    NOT NULL,
    state  TEXT    NOT NULL,
    minute INTEGER NOT NULL,
    slot   INTEGER NOT NULL,
    count  INTEGER NOT NULL,
    PRIMARY KEY (minute, queue, state, slot)
);

-- A system outside that bots drive: its circuit breaker, and when it was last asked (pacing).
CREATE TABLE targets (
    name       TEXT    PRIMARY KEY,
    failures   INTEGER NOT NULL DEFAULT 0,              -- in a row, of the system, not of a document
    open_until DOUBLE PRECISION,                        -- nobody asks it before; NULL: the circuit is closed
    asked_at   DOUBLE PRECISION                         -- the last beginning of a use
);
-- Who uses a target now: at most as many rows as its concurrency limit.
CREATE TABLE target_slots (
    name       TEXT    NOT NULL,
    slot       INTEGER NOT NULL,
    owner      TEXT    NOT NULL,
    token      TEXT    NOT NULL,
    expires_at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (name, slot)
);

-- The last moment for which a schedule put its trigger: it fires once, however many machines keep the schedule.
CREATE TABLE schedules (
    name     TEXT PRIMARY KEY,
    fired_at DOUBLE PRECISION NOT NULL
);

-- The workers that are alive, as they say themselves every few seconds.
CREATE TABLE workers (
    id         TEXT PRIMARY KEY,                        -- owners.py
    step       TEXT NOT NULL,
    started_at DOUBLE PRECISION NOT NULL,
    seen_at    DOUBLE PRECISION NOT NULL,
    item_id    TEXT                                     -- what it works on; NULL: it waits
);
