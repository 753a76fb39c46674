import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StartError } from '../errors.ts';

const FILE_NAMES = ['model_int8.onnx', 'model_quantized.onnx', 'model.onnx'];
/** The weights lie beside the tokenizer, or below it as on Hugging Face. */
const MODEL_FILES = [...FILE_NAMES, ...FILE_NAMES.map(name => `onnx/${name}`)];

export type ModelFolder = {
  /** Folder name and the weights' hash: other weights are another model. */
  modelName: string;
  modelFile: string;
};

/** What a message calls the model, and what it says to do. */
export type ModelKind = { name: string; remedy: string };

/**
 * Hashes the model's weights, and compares them and all else that SHA256SUMS in the folder lists
 * (the format of `sha256sum`). A folder without that file is taken as it is.
 *
 * @throws StartError when a file is missing or is not the one that was listed.
 */
export async function verifyModelFolder(folder: string, kind: ModelKind): Promise<ModelFolder> {
  const listed = await readSums(join(folder, 'SHA256SUMS'));
  for (const modelFile of MODEL_FILES) {
    const sha256 = await hashFile(join(folder, modelFile));
    if (!sha256) continue;
    await compareListed(folder, kind, { listed, hashed: new Map([[modelFile, sha256]]) });
    return { modelName: `${basename(folder)}@${sha256.slice(0, 12)}`, modelFile };
  }
  throw new StartError(
    `There is no ${kind.name} in ${folder} (looked for ${MODEL_FILES.join(', ')}). ${kind.remedy}`,
  );
}

async function compareListed(
  folder: string,
  { name: kind, remedy }: ModelKind,
  { listed, hashed }: { listed: Map<string, string>; hashed: Map<string, string> },
): Promise<void> {
  for (const [name, expected] of listed) {
    const actual = hashed.get(name) ?? (await hashFile(join(folder, name)));
    if (actual === expected) continue;
    const found = actual
      ? `has sha256 ${actual.slice(0, 12)}…, expected ${expected.slice(0, 12)}…`
      : 'is missing';
    throw new StartError(
      `The ${kind}'s file ${join(folder, name)} ${found}. It is damaged or another one. ${remedy}`,
    );
  }
}

async function readSums(path: string): Promise<Map<string, string>> {
  try {
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    return new Map(lines.map(line => [line.slice(66).trim(), line.slice(0, 64)]));
  } catch (error) {
    if (isMissing(error)) return new Map();
    throw error;
  }
}

async function hashFile(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return hash.digest('hex');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
