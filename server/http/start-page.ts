import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { version } from '../version.ts';

type Parts = { databaseKind: 'embedded' | 'native'; embeddingModel: string; languageModel: string | null };

/** The page at /: what runs, whether answers are written or quoted, and where to go on. */
export function startPage(parts: Parts): FastifyPluginAsyncZod {
  return async app => {
    const page = render(parts);
    app.get('/', { schema: { hide: true } }, async (_, reply) =>
      reply
        .header('content-type', 'text/html; charset=utf-8')
        .header(
          'content-security-policy',
          "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        )
        .send(page),
    );
  };
}

function render({ databaseKind, embeddingModel, languageModel }: Parts): string {
  const answers =
    languageModel === null
      ? 'Answers are <strong>quoted</strong> from your documents. For written answers set <code>GROQ_API_KEY</code>, or <code>LLM_BASE_URL</code> and <code>LLM_MODEL</code>, and restart.'
      : `Answers are <strong>written</strong> by <code>${escapeHtml(languageModel)}</code> from your documents.`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lectern</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
  body { max-width: 42rem; margin: 12vh auto; padding: 0 1.25rem; }
  h1 { margin-bottom: 0; } h2 { font-size: 1rem; margin-top: 2rem; }
  code, pre { font: 0.875em/1.6 ui-monospace, monospace; background: rgb(128 128 128 / 14%); border-radius: 4px; }
  code { padding: 0.1em 0.3em; } pre { padding: 0.8rem 1rem; overflow-x: auto; } pre code { background: none; padding: 0; }
  dt { float: left; clear: left; width: 11rem; opacity: 0.7; } dd { margin-left: 11rem; }
</style>
<main>
<h1>Lectern</h1>
<p>Ask your documents, and check every answer against the passage it rests on.</p>
<p>${answers}</p>
<dl>
<dt>Version</dt><dd>${escapeHtml(version)}</dd>
<dt>Database</dt><dd>PostgreSQL, ${databaseKind}</dd>
<dt>Embedding model</dt><dd>${escapeHtml(embeddingModel)}</dd>
</dl>
<h2>Upload a text and ask</h2>
<pre><code>npx lectern ingest samples
npx lectern ask "How long is the warranty on the battery?"</code></pre>
<h2>Go on</h2>
<ul>
<li><a href="/api/docs/">Read and try the API</a> (<a href="/api/openapi.json">OpenAPI document</a>)</li>
<li><a href="/api/health/">Health</a></li>
</ul>
</main>
</html>
`;
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, character => `&#${character.codePointAt(0)};`);
