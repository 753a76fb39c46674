import type { Config } from '../config.ts';

/**
 * On the terminal and in no log: whoever reads the link can become the administrator.
 *
 * @param links the same one, as people and as this machine reach the server; none when nobody is awaited.
 */
export function askForAdmin({ host }: Config, links: string[]): void {
  if (links.length === 0) return;
  const [link, ...others] = links;
  process.stderr.write(
    `
Lectern has no administrator yet, so only this machine can reach it. Make one with
  lectern create-admin
or by this link, which is good once and for 24 hours:
  ${link}${others.map(other => `\nor, without the proxy in front, on this machine:\n  ${other}`).join('')}
Then it listens on ${host}.

`,
  );
}
