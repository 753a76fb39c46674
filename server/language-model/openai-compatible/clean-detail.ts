const longestDetail = 300;

/**
 * Returns a function that makes a provider's words fit for logs and people: without the API key, which
 * providers echo in their error bodies, sometimes encoded; on one line; of at most 300 characters.
 */
export function createDetailCleaner(apiKey: string | undefined): (detail: string) => string {
  const spellings = new Set(apiKey ? spellingsOf(apiKey) : []);
  return detail => {
    let text = detail;
    // Before cutting: half a key would no longer be found.
    for (const spelling of spellings) text = text.replaceAll(spelling, '[API key]');
    return cut(text.replace(/[\p{Cc}\s]+/gu, ' ').trim());
  };
}

function spellingsOf(apiKey: string): string[] {
  return [
    apiKey,
    encodeURIComponent(apiKey),
    JSON.stringify(apiKey).slice(1, -1),
    apiKey.replaceAll('/', '\\/'), // how PHP writes JSON
    Buffer.from(apiKey).toString('base64'),
  ];
}

function cut(line: string): string {
  if (line.length <= longestDetail) return line;
  return `${line.slice(0, longestDetail - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
