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

/** Further models that may be chosen beside the standard one; a name that comes twice counts once. */
type Names = { standard: string; others: readonly string[] };

/**
 * @param names asked each time: settings may change them
 * @param create makes a model when it is first wanted; it is kept, with its breaker, also while its name is not among them
 */
export function createLanguageModels(
  names: () => Names,
  create: (name: string) => ModelWriter,
  fallback: ModelWriter | undefined,
): LanguageModels {
  const made = new Map<string, ModelWriter>();
  const modelOf = (name: string) => {
    const known = made.get(name) ?? create(name);
    made.set(name, known);
    return known;
  };
  const list = () => {
    const { standard, others } = names();
    return [...new Set([standard, ...others])];
  };
  return {
    get standard() {
      return modelOf(names().standard);
    },
    get names() {
      return list();
    },
    fallback: fallback?.name,
    find: (name = names().standard) => (list().includes(name) ? modelOf(name) : undefined),
    async close() {
      await Promise.all([...made.values(), fallback].map(model => model?.close()));
    },
  };
}
