-- Version 4: what belongs to an item or a lineage is found from there (export, retention, `queue show`).

CREATE INDEX effects_by_item      ON effects (item_id);
CREATE INDEX mails_by_parent      ON mails (parent_id);
CREATE INDEX fingerprints_by_item ON fingerprints (item_id);
CREATE INDEX fingerprints_by_root ON fingerprints (root_id);
