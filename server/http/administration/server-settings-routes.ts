import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import {
  serverSettings,
  serverSettingsChange,
  settingsRefusal,
} from '../../../contract/administration/settings.ts';
import { errorBody } from '../../../contract/errors.ts';
import { actorOf, audit } from '../../accounts/audit-log.ts';
import { changeSettings } from '../../administration/settings/change-settings.ts';
import { describeSettings } from '../../administration/settings/describe-settings.ts';
import type { RunningSettings } from '../../administration/settings/running-settings.ts';
import { readEmails } from '../../administration/tables/user-emails.ts';
import type { Db } from '../../database/open-database.ts';

type Parts = { db: Db; settings: RunningSettings };

const tags = ['administration'];
const config = { permission: 'administer' as const };

/** The settings of the server, and changing those that may change while it runs. */
export function serverSettingsRoutes({ db, settings }: Parts): FastifyPluginAsyncZod {
  const describe = async () => {
    const { stored } = settings;
    const emails = await readEmails(
      db,
      stored.settings.map(({ changed_by }) => changed_by),
    );
    return {
      settings: describeSettings(settings, userId => emails.get(userId) ?? null),
      revision: stored.revision,
    };
  };
  return async app => {
    app.get(
      '/api/admin/settings/',
      {
        config,
        schema: {
          tags,
          summary:
            'List the settings: what is in effect, where it comes from, and whether it can change here',
          response: { 200: serverSettings },
        },
      },
      async () => {
        await settings.refresh();
        return describe();
      },
    );
    app.patch(
      '/api/admin/settings/',
      {
        config,
        schema: {
          tags,
          summary: 'Change settings, in every process and at once; all that are given, or none',
          body: serverSettingsChange,
          response: { 200: serverSettings, 400: settingsRefusal, 409: errorBody },
        },
      },
      async ({ body: { values, revision }, principal, ip }) => {
        const by = actorOf(principal, ip);
        const changes = await db.transaction().execute(async trx => {
          const made = await changeSettings(trx, settings.environment, { values, revision }, by);
          if (made.length > 0)
            await audit(trx, by, { action: 'settings-changed', details: { changes: made } });
          return made;
        });
        await settings.refresh();
        if (changes.length > 0) settings.tell();
        return describe();
      },
    );
  };
}
