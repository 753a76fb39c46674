import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from './provider-fault.ts';
import { adaptDialect, requestBody, usualDialect } from './request-dialect.ts';

const refused = (detail: string, status = 400): Fault => ({ kind: 'status', status, detail });
const request = {
  messages: [],
  maxTokens: 7,
  temperature: 0.5,
  signal: new AbortController().signal,
};

test('the usual request limits tokens, sets the temperature and asks for usage', () => {
  assert.deepEqual(requestBody('m', request, usualDialect), {
    model: 'm',
    messages: [],
    max_tokens: 7,
    temperature: 0.5,
    stream: true,
    stream_options: { include_usage: true },
  });
});

// The words of OpenAI, of a pydantic server and of an old proxy.
for (const [detail, changed] of [
  [
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    { tokenLimit: 'max_completion_tokens' },
  ],
  [
    "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) value is supported.",
    { temperature: false },
  ],
  ['body.stream_options: Extra inputs are not permitted', { streamOptions: false }],
  ['Unrecognized request argument supplied: stream_options', { streamOptions: false }],
] as const)
  test(`gives up what is refused: ${detail}`, () => {
    const dialect = adaptDialect(usualDialect, refused(detail));
    assert.deepEqual(dialect, { ...usualDialect, ...changed });
    assert.ok(dialect);
    assert.equal(adaptDialect(dialect, refused(detail)), undefined, 'the same refusal again is final');
    assert.notDeepEqual(requestBody('m', request, dialect), requestBody('m', request, usualDialect));
  });

for (const fault of [
  refused('max_tokens must be at most 4096'),
  refused('this model’s maximum context length is 8192 tokens'),
  refused('unsupported parameter: max_tokens', 500),
  refused('Unknown model'),
  { kind: 'network', detail: 'unsupported max_tokens' } as const,
])
  test(`another fault is told as it is: ${fault.detail}`, () => {
    assert.equal(adaptDialect(usualDialect, fault), undefined);
  });
