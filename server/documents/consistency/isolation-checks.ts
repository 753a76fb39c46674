/** Whether PostgreSQL keeps the workspaces apart (docs/decisions/0032-row-level-security.md). */
import {
  findUnisolatedTables,
  isolateWorkspaces,
  whyNotEnforced,
} from '../../database/isolation/row-security.ts';
import type { Check } from './check.ts';

/** Of the whole installation. */
const nowhere = { workspaceId: 0, documentId: null, id: 0 };

export const isolationChecks: Check[] = [
  {
    name: 'unisolated_tables',
    meaning:
      'Tables whose rows PostgreSQL does not keep apart by workspace, so that only conditions do. Repairing gives them back their policies.',
    find: async db =>
      (await findUnisolatedTables(db)).map(({ name, problem }) => ({
        ...nowhere,
        detail: `${name}: ${problem}`,
      })),
    repair: isolateWorkspaces,
  },
  {
    name: 'missing_workspace_role',
    meaning:
      'The role that statements of workspaces run as is missing, or may not be used: PostgreSQL does not keep workspaces apart. An administrator of the server has to make it (README.md).',
    async find(db) {
      const reason = await whyNotEnforced(db);
      return reason === undefined ? [] : [{ ...nowhere, detail: reason }];
    },
    repair: undefined,
  },
];
