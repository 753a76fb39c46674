import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import type { z } from 'zod';
import { type BulkResult, bulkResult } from '../../contract/administration/lists.ts';
import { serverSettings } from '../../contract/administration/settings.ts';
import { answerTrace } from '../../contract/trace.ts';
import { ask, type Client, createSession, expectJson, postJson } from '../api-client.ts';
import { eventOf } from '../event-stream.ts';

/* What administrators do, with every answer checked against the contract. */

/** A page of a table. */
export async function readTable<Table extends z.ZodType>(
  client: Client,
  table: Table,
  path: string,
): Promise<z.output<Table>> {
  const answer = await expectJson(await client.fetch(`/api/admin/${path}`), 200);
  const parsed = table.parse(answer);
  assert.deepEqual(answer, parsed, 'the contract does not have all its fields');
  return parsed;
}

/** All rows, page by page. */
export async function readWhole<Row extends { id: number }>(
  client: Client,
  table: z.ZodType<{ items: Row[]; next_cursor: string | null }>,
  path: string,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor = ''; ; ) {
    const page = await readTable(client, table, `${path}${path.includes('?') ? '&' : '?'}${cursor}`);
    rows.push(...page.items);
    if (page.next_cursor === null) return rows;
    cursor = `cursor=${page.next_cursor}`;
  }
}

/** The rows of a CSV file by the names of its columns. */
export async function readCsv(client: Client, path: string): Promise<Record<string, string>[]> {
  const response = await client.fetch(`/api/admin/${path}`);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  assert.match(response.headers.get('content-type') ?? '', /^text\/csv/);
  assert.match(response.headers.get('content-disposition') ?? '', /^attachment; filename="[a-z-]+\.csv"$/);
  return parse(text, { columns: true, bom: true }) as Record<string, string>[];
}

export async function bulk(client: Client, path: string, action: string, ids: number[]): Promise<BulkResult> {
  const result = bulkResult.parse(
    await expectJson(await postJson(client, `/api/admin/${path}`, { action, ids }), 200),
  );
  assert.deepEqual(
    result.results.map(({ id }) => id),
    ids,
  );
  return result;
}

export async function readServerSettings(client: Client) {
  return serverSettings.parse(await expectJson(await client.fetch('/api/admin/settings/'), 200));
}

export async function readSetting(client: Client, name: string) {
  const { settings } = await readServerSettings(client);
  const setting = settings.find(one => one.name === name);
  assert.ok(setting, `there is no setting ${name}`);
  return setting;
}

export const patchSettings = (
  client: Client,
  values: Record<string, string | null>,
  more: object = {},
): Promise<Response> =>
  client.fetch('/api/admin/settings/', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ values, ...more }),
  });

export async function changeSettings(client: Client, values: Record<string, string | null>) {
  return serverSettings.parse(await expectJson(await patchSettings(client, values), 200));
}

/** How many passages the answer to a question, always the same, was written from at most: TOP_K as it was then. */
export async function askForTopK(client: Client): Promise<number | undefined> {
  const events = await ask(client, await createSession(client), 'When does the lamp of the lighthouse turn?');
  const { message_id } = eventOf(events, 'start');
  const trace = await client.fetch(`/api/message/${message_id}/trace/`);
  return answerTrace.parse(await expectJson(trace, 200)).limits?.top_k;
}
