/** The tables as Kysely's types; what they mean stands in migrations/. */
import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { FeedbackReason } from '../../contract/feedback.ts';
import type { AccountSchema } from './schema/account-tables.ts';

type Timestamp = ColumnType<Date, Date | string, Date | string>;
type CreatedAt = ColumnType<Date, never, never>;
type UpdatedAt = ColumnType<Date, Date | undefined, Date>;
/** Written once, read as what the contract's schema says. */
type Json = JSONColumnType<object, string, string>;

export type DocumentState = 'queued' | 'reading' | 'indexing' | 'ready' | 'failed' | 'deleting';
export type IngestionStage = 'parsing' | 'saving' | 'embedding';
type VersionRole = 'current' | 'next' | 'past';
type LexicalState = 'own' | 'merging' | 'merged' | 'removing';
export type MessageState = 'running' | 'complete' | 'interrupted' | 'failed';
export type TitleOrigin = 'question' | 'model' | 'user';
type Rating = 'up' | 'down';

export type Schema = AccountSchema & {
  workspaces: { id: Generated<number>; name: string; created_at: CreatedAt };
  index_versions: {
    workspace_id: number;
    version: Generated<number>;
    last_change: Generated<number>;
    last_merge: Generated<number>;
  };
  documents: {
    workspace_id: number;
    id: Generated<number>;
    title: string | null;
    language: string | null;
    tags: Generated<string[]>;
    source: string | null;
    metadata: ColumnType<object, string | undefined, string>;
    created_at: CreatedAt;
    updated_at: UpdatedAt;
  };
  document_versions: {
    workspace_id: number;
    id: Generated<number>;
    document_id: number;
    role: VersionRole;
    file_id: number;
    filename: string;
    media_type: string;
    byte_size: number;
    sha256: string;
    state: DocumentState;
    stage: IngestionStage | null;
    progress: Generated<number>;
    error_code: string | null;
    error_message: string | null;
    title: string | null;
    language: string | null;
    notes: ColumnType<object, string | undefined, string>;
    timings: ColumnType<object, string | undefined, string>;
    text_length: Generated<number>;
    chunk_count: Generated<number>;
    passage_count: Generated<number>;
    created_at: CreatedAt;
    updated_at: UpdatedAt;
    processing_ms: number | null;
  };
  stored_files: {
    workspace_id: number;
    id: Generated<number>;
    document_id: number | null;
    byte_size: Generated<number>;
    updated_at: UpdatedAt;
  };
  file_parts: { workspace_id: number; file_id: number; ordinal: number; content: Buffer };
  document_texts: { workspace_id: number; version_id: number; start_offset: number; content: string };
  document_outlines: { workspace_id: number; version_id: number; outline: Json };
  document_changes: {
    workspace_id: number;
    document_id: number;
    number: number;
    deleted: Generated<boolean>;
    changed_at: UpdatedAt;
  };
  ingestion_jobs: {
    workspace_id: number;
    id: Generated<number>;
    version_id: number;
    attempts: Generated<number>;
    lease_owner: string | null;
    lease_until: Timestamp | null;
    leased_at: Timestamp | null;
    saved_position: number | null;
    created_at: CreatedAt;
  };
  chunks: {
    workspace_id: number;
    id: Generated<number>;
    version_id: number;
    ordinal: number;
    start_offset: number;
    end_offset: number;
    token_count: number;
  };
  passages: {
    workspace_id: number;
    id: Generated<number>;
    version_id: number;
    ordinal: number;
    start_offset: number;
    end_offset: number;
    context_prefix: string;
    headings: Generated<string[]>;
    page: number | null;
  };
  lexical_documents: {
    workspace_id: number;
    version_id: number;
    first_passage_id: number;
    lengths: Buffer;
    name_length: number;
    state: Generated<LexicalState>;
    merging_since: Timestamp | null;
    merge_number: number | null;
  };
  lexical_runs: { workspace_id: number; version_id: number; first_ordinal: number; data: Buffer };
  lexical_blocks: { workspace_id: number; term: number; page: number; data: Buffer };
  embedding_models: { id: Generated<number>; name: string; dimensions: number; created_at: CreatedAt };
  passage_embeddings: {
    workspace_id: number;
    passage_id: number;
    model_id: number;
    version_id: number;
    embedding: Buffer;
  };
  passage_bits: {
    workspace_id: number;
    passage_id: number;
    model_id: number;
    version_id: number;
    bits: string;
  };
  sessions: {
    workspace_id: number;
    id: Generated<number>;
    title: string | null;
    title_origin: TitleOrigin | null;
    title_terms: string | null;
    pinned: Generated<boolean>;
    active_message_id: number | null;
    user_id: number | null;
    created_at: CreatedAt;
    updated_at: UpdatedAt;
  };
  messages: {
    workspace_id: number;
    id: Generated<number>;
    session_id: number;
    parent_id: number | null;
    role: 'user' | 'assistant';
    content: string;
    token_count: Generated<number>;
    state: MessageState;
    finish_reason: string | null;
    error_code: string | null;
    error_message: string | null;
    model: string | null;
    usage: Json | null;
    timings: Json | null;
    evidence: Json | null;
    trace: Json | null;
    reasoning: string | null;
    scope: Json | null;
    search_terms: string | null;
    lease_owner: string | null;
    lease_until: Timestamp | null;
    created_at: CreatedAt;
    finished_at: Timestamp | null;
    stream: Json | null;
    stop_requested_at: Timestamp | null;
    idempotency_key: string | null;
    request_sha256: string | null;
  };
  stream_events: {
    workspace_id: number;
    message_id: number;
    sequence: number;
    first_sequence: number;
    content: string;
    events: Json | null;
  };
  message_feedback: {
    workspace_id: number;
    message_id: number;
    rating: Rating;
    reason: FeedbackReason | null;
    comment: string | null;
    created_at: CreatedAt;
    updated_at: UpdatedAt;
  };
  evaluation_cases: {
    workspace_id: number;
    id: Generated<number>;
    question: string;
    passages: Json;
    message_id: number | null;
    created_at: CreatedAt;
  };
};
