-- One redemption of one note as pgbench does it: the questions and the rows of the service, a transaction each, no Python.
SELECT nextval('peer') AS number, gen_random_uuid() AS id \gset
BEGIN;
SELECT d.*, v.*, p.code, ARRAY(SELECT id FROM redemption WHERE id = CAST(:id AS uuid)) AS known,
       (SELECT json_agg(json_build_array(s.id, s.code, s.programme_id, s.expires_on,
               pg_advisory_xact_lock_shared(s.id)::text)) FROM series s WHERE s.code = 'CWL26') AS locked
FROM desk d JOIN venue v ON v.id = d.venue_id JOIN programme p ON p.id = v.programme_id
WHERE d.key_sha256 = (SELECT key_sha256 FROM desk WHERE id = 1);
SELECT h.state, h.holder_id, h.movement_id, k.public_key, r.round, w.round, e.at
FROM (SELECT 1 AS series_id, CAST(:number AS int) AS number) n
CROSS JOIN LATERAL (SELECT * FROM holding WHERE series_id = n.series_id AND last >= n.number ORDER BY last LIMIT 1) h
CROSS JOIN LATERAL (SELECT * FROM orders WHERE series_id = n.series_id AND last >= n.number ORDER BY last LIMIT 1) k
LEFT JOIN LATERAL (SELECT * FROM redeemed_note WHERE series_id = n.series_id AND number = n.number
                   ORDER BY round DESC LIMIT 1) r ON true
LEFT JOIN reversed_note w ON w.series_id = r.series_id AND w.number = r.number AND w.round = r.round
LEFT JOIN redemption e ON e.id = r.redemption_id AND w.round IS NULL;
WITH a AS (INSERT INTO redemption (id, desk_id, venue_id, request_sha256, outcome, hours, practice, offline, answer,
                                   scanned_at, at)
           VALUES (CAST(:id AS uuid), 1, 1, sha256(convert_to(CAST(:id AS text), 'UTF8')), 'accepted', 1, false, false,
                   json_build_object('id', CAST(:id AS text), 'outcome', 'accepted', 'reason', null, 'hours', 1, 'notes',
                       json_build_array(json_build_object('serial', 'CWL260000001K', 'verdict', 'accepted', 'message',
                           'Accepted.', 'first_redeemed_at', null, 'first_venue', null))),
                   1771000000000000, 1771000000000000)),
     b AS (INSERT INTO redeemed_note (series_id, number, round, redemption_id, issued_to_id, title_id)
           VALUES (1, CAST(:number AS int), 0, CAST(:id AS uuid), 1, (SELECT max(movement_id) FROM holding WHERE series_id = 1))),
     c AS (INSERT INTO scan (desk_id, redemption_id, series_id, number, token_sha256, keyed, practice, verdict, at)
           VALUES (1, CAST(:id AS uuid), 1, CAST(:number AS int), sha256(convert_to(CAST(:id AS text), 'UTF8')), false, false, 'accepted', 1771000000000000))
INSERT INTO pending_leaf (kind, ref, leaf_hash) VALUES ('redemption', CAST(:id AS text), sha256(convert_to(CAST(:id AS text), 'UTF8')));
COMMIT;
