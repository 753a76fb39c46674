import type { SettingProblem } from '../../../contract/administration/settings.ts';
import { overlaySettings, refuseFixed } from '../../config/overlay-settings.ts';
import type { Config } from '../../config.ts';
import type { Trx } from '../../database/open-database.ts';
import { RequestError } from '../../errors.ts';
import { lockSettings, readSettings, type SettingChange, saveSettings } from './setting-store.ts';

type Wanted = {
  /** By the variables' names; null goes back to the environment's value. */
  values: Record<string, string | null>;
  /** The one that was looked at. */
  revision: number | undefined;
};

/**
 * Changes all of them or none.
 *
 * @returns what has changed: nothing of what was so already.
 * @throws RequestError invalid_request that lists every problem, settings_changed.
 */
export async function changeSettings(
  trx: Trx,
  environment: Config,
  { values, revision }: Wanted,
  by: Parameters<typeof saveSettings>[2],
): Promise<SettingChange[]> {
  const fixed = Object.keys(values).map(name => refuseFixed(environment, name));
  throwProblems(fixed.filter(problem => problem !== undefined));
  await lockSettings(trx);
  const stored = await readSettings(trx);
  if (revision !== undefined && revision !== stored.revision)
    throw new RequestError('settings_changed', 'Somebody else has changed settings meanwhile. Look again.', {
      extra: { revision: stored.revision },
    });
  const before = new Map(stored.settings.map(({ name, value }) => [name, value]));
  const after = new Map(before);
  for (const [name, value] of Object.entries(values))
    if (value === null) after.delete(name);
    else after.set(name, value.trim());
  // Stored ones that are fixed now, because a provider is gone, say nothing.
  for (const name of after.keys()) if (refuseFixed(environment, name)) after.delete(name);
  throwProblems(overlaySettings(environment, after).problems);
  const changes = Object.keys(values)
    .map(name => ({ name, oldValue: before.get(name) ?? null, newValue: after.get(name) ?? null }))
    .filter(({ oldValue, newValue }) => oldValue !== newValue);
  await saveSettings(trx, changes, by);
  return changes;
}

function throwProblems(problems: SettingProblem[]): void {
  if (problems.length === 0) return;
  const message = problems.map(problem => problem.message).join(' ');
  throw new RequestError('invalid_request', message, { extra: { problems } });
}
