import type { ModelWriter } from './model-writer.ts';

/** The language models among which a request may choose. */
export type LanguageModels = {
  /** What writes when nothing is chosen. */
  readonly standard: ModelWriter;
  /** The standard model's first. */
  readonly names: readonly string[];
  /** What stands in for any of them; undefined when nothing does. */
  readonly fallback: string | undefined;
  /** Undefined when there is none of that name; the standard model when no name is given. */
  find(name?: string): ModelWriter | undefined;
  close(): Promise<void>;
};

/** @param others further models that may be chosen; a name that comes twice counts once */
export function createLanguageModels(
  standard: ModelWriter,
  others: readonly ModelWriter[],
  fallback: ModelWriter | undefined,
): LanguageModels {
  const byName = new Map([standard, ...others].map(model => [model.name, model]));
  return {
    standard,
    names: [...byName.keys()],
    fallback: fallback?.name,
    find: name => (name === undefined ? standard : byName.get(name)),
    async close() {
      await Promise.all([...byName.values(), fallback].map(model => model?.close()));
    },
  };
}
