-- What went on in the last day is read by time (GET /api/activity/); both columns never change.
CREATE INDEX messages_by_time ON messages (workspace_id, created_at);
CREATE INDEX versions_by_time ON document_versions (workspace_id, created_at);
