/** Settings whose values must never stand in a log, by the names of their variables. */
const secretVariables =
  /^(SECRET_KEY|DATABASE_URL|GROQ_API_KEY|LLM_API_KEY|LLM_FALLBACK_API_KEY|EMBEDDING_API_KEY|RERANKER_API_KEY)$/;

/** The secrets among the settings: a database's address counts for its password. */
export function secretsOf(env: Record<string, string | undefined>): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined || !secretVariables.test(name)) return [];
    const secret = name === 'DATABASE_URL' ? decodeURIComponent(new URL(value).password) : value;
    // Of a short one every text holds some.
    return secret.length >= 8 ? [secret] : [];
  });
}
