import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOnnxEmbedder } from './onnx-embedder.ts';

const modelFolder = join(import.meta.dirname, '../../models/all-MiniLM-L6-v2');

// A thread ended within the runtime's native code takes the process, and with it this test, along.
test('an embedder can be closed at any moment of its work', { timeout: 60_000 }, async () => {
  const texts = Array.from({ length: 64 }, (_, index) => `Text ${index} is about lighthouses. `.repeat(20));
  for (const afterMs of [0, 20, 60, 120, 200, 300]) {
    const embedder = await createOnnxEmbedder({ modelFolder, workers: 2 });
    const embedded = embedder.embedPassages(texts);
    embedded.catch(() => {}); // Asserted below.
    await sleep(afterMs);
    await embedder.close();
    await assert.rejects(embedded);
  }
});
