import { marked, type Token } from 'marked';

/**
 * What of a Markdown text, as GitHub's dialect reads it, would load something or be a link; e-mail
 * addresses, which are allowed to become links, excepted. Raw HTML of any kind counts.
 */
export function activeMarkdown(text: string): string[] {
  const found: string[] = [];
  const note = (token: Token) => {
    const isLink = token.type === 'link' && !token.href.startsWith('mailto:');
    if (isLink || ['image', 'html', 'def'].includes(token.type)) found.push(`${token.type}: ${token.raw}`);
  };
  marked.walkTokens(marked.lexer(text), note);
  return found;
}
