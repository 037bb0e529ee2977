-- Version 3: what is overdue is counted in bounded time; and PostgreSQL is told which rows change often.

CREATE INDEX items_deadline ON items (state, queue, deadline) WHERE deadline IS NOT NULL;

/*pg
-- A count is changed with every item: room for its versions on the page makes that cheap.
ALTER TABLE counters SET (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
ALTER TABLE rates SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
-- Every item is written a few times and then rests: its dead versions shall not pile up to a fifth of a million rows.
ALTER TABLE items SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);
*/
