import type { Permission } from '../../contract/accounts/permissions.ts';

/** The things of one workspace that routes name in their paths. */
export type Things = Record<
  'document' | 'session' | 'question' | 'answer' | 'case' | 'member' | 'invite' | 'key' | 'user',
  number
>;

type Route = {
  permission: Permission;
  /** What the id in the path is of. */
  of?: keyof Things;
  /** What the route accepts as its body. */
  body?: object;
  /** Ends the sign-in that calls it. */
  signsOut?: true;
};

/**
 * Who may call what, apart from the code that says so: a route that is missing here, or asks for another
 * permission than it says here, fails tests/accounts/permissions.test.ts.
 */
export const permissionTable: Record<string, Route> = {
  'get /livez': { permission: 'anyone' },
  'get /readyz': { permission: 'anyone' },
  'get /api/health/': { permission: 'anyone' },
  'get /api/auth/state/': { permission: 'anyone' },
  'post /api/auth/sign-in/': { permission: 'anyone' },
  'post /api/auth/code/': { permission: 'anyone' },
  'get /api/auth/openid/': { permission: 'anyone' },
  'get /api/auth/openid/callback/': { permission: 'anyone' },
  'post /api/auth/sign-out/': { permission: 'anyone', signsOut: true },
  'post /api/auth/set-up/': { permission: 'anyone' },
  'post /api/auth/invite/': { permission: 'anyone' },
  'post /api/auth/accept-invite/': { permission: 'anyone' },
  'post /api/auth/reset/': { permission: 'anyone' },

  'get /api/account/': { permission: 'account' },
  'post /api/account/password/': { permission: 'account' },
  'post /api/account/sign-out-everywhere/': { permission: 'account', signsOut: true },
  'post /api/account/workspace/': { permission: 'account' },
  'post /api/account/second-factor/': { permission: 'account' },
  'post /api/account/second-factor/code/': { permission: 'account' },
  'post /api/account/second-factor/end/': { permission: 'account' },

  'get /api/settings/': { permission: 'read' },
  'post /api/search/': { permission: 'read' },
  'get /api/document/': { permission: 'read' },
  'get /api/document/events/': { permission: 'read' },
  'get /api/document/{id}/': { permission: 'read', of: 'document' },
  'get /api/document/{id}/file/': { permission: 'read', of: 'document' },
  'get /api/document/{id}/text/': { permission: 'read', of: 'document' },
  'get /api/document/{id}/outline/': { permission: 'read', of: 'document' },
  'get /api/document/{id}/events/': { permission: 'read', of: 'document' },
  'post /api/document/': { permission: 'write' },
  'put /api/document/{id}/': {
    permission: 'write',
    of: 'document',
    body: { title: 'Mine', text: 'Mine now.' },
  },
  'patch /api/document/{id}/': { permission: 'write', of: 'document', body: { title: 'Mine' } },
  'delete /api/document/{id}/': { permission: 'write', of: 'document' },
  'post /api/document/{id}/reprocess/': { permission: 'write', of: 'document' },
  'post /api/document/{id}/cancel/': { permission: 'write', of: 'document' },

  'post /api/session/create/': { permission: 'ask' },
  'get /api/session/': { permission: 'read' },
  'get /api/session/{id}/': { permission: 'read', of: 'session' },
  'get /api/session/{id}/messages/': { permission: 'read', of: 'session' },
  'get /api/session/{id}/export/': { permission: 'read', of: 'session' },
  'get /api/session/{id}/usage/': { permission: 'read', of: 'session' },
  'patch /api/session/{id}/': { permission: 'ask', of: 'session', body: { title: 'Mine' } },
  'delete /api/session/{id}/': { permission: 'ask', of: 'session' },

  'post /api/chat/': { permission: 'ask' },
  'get /api/chat/{id}/stream/': { permission: 'read', of: 'answer' },
  'post /api/chat/{id}/stop/': { permission: 'ask', of: 'answer' },
  'post /api/chat/{message_id}/regenerate/': { permission: 'ask', of: 'question' },
  'post /api/message/{id}/edit/': { permission: 'ask', of: 'question', body: { message: 'Whose?' } },
  'post /api/message/{id}/feedback/': { permission: 'ask', of: 'answer', body: { rating: 'up' } },
  'get /api/message/{id}/trace/': { permission: 'read', of: 'answer' },
  'get /api/message/{id}/follow-ups/': { permission: 'read', of: 'answer' },

  'get /api/evaluation/case/': { permission: 'read' },
  'post /api/evaluation/case/': { permission: 'write' },
  'delete /api/evaluation/case/{id}/': { permission: 'write', of: 'case' },

  'get /api/activity/': { permission: 'manage' },
  'get /api/usage/': { permission: 'manage' },
  'patch /api/workspace/': { permission: 'manage', body: { name: 'default' } },
  'get /api/workspace/member/': { permission: 'manage' },
  'patch /api/workspace/member/{id}/': { permission: 'manage', of: 'member', body: { role: 'editor' } },
  'delete /api/workspace/member/{id}/': { permission: 'manage', of: 'member' },
  'get /api/workspace/invite/': { permission: 'manage' },
  'post /api/workspace/invite/': { permission: 'manage' },
  'delete /api/workspace/invite/{id}/': { permission: 'manage', of: 'invite' },
  'get /api/key/': { permission: 'manage' },
  'post /api/key/': { permission: 'manage' },
  'delete /api/key/{id}/': { permission: 'manage', of: 'key' },

  'get /api/admin/document/': { permission: 'manage' },
  'get /api/admin/document/export/': { permission: 'manage' },
  'get /api/admin/document/{id}/chunk/': { permission: 'manage', of: 'document' },
  'get /api/admin/document/{id}/chunk/export/': { permission: 'manage', of: 'document' },
  'get /api/admin/document/{id}/passage/': { permission: 'manage', of: 'document' },
  'get /api/admin/document/{id}/passage/export/': { permission: 'manage', of: 'document' },
  'get /api/admin/job/': { permission: 'manage' },
  'get /api/admin/job/export/': { permission: 'manage' },
  'get /api/admin/key/': { permission: 'manage' },
  'get /api/admin/key/export/': { permission: 'manage' },
  'get /api/admin/audit/': { permission: 'manage' },
  'get /api/admin/audit/export/': { permission: 'manage' },
  'post /api/admin/document/bulk/': { permission: 'manage' },
  'get /api/admin/document/matching/': { permission: 'manage' },
  'post /api/admin/document/matching/': { permission: 'manage' },
  'post /api/admin/job/bulk/': { permission: 'manage' },
  'get /api/admin/job/matching/': { permission: 'manage' },
  'post /api/admin/job/matching/': { permission: 'manage' },
  'post /api/admin/key/bulk/': { permission: 'manage' },
  'get /api/admin/key/matching/': { permission: 'manage' },
  'post /api/admin/key/matching/': { permission: 'manage' },
  'get /api/admin/chat-access/': { permission: 'manage' },
  'post /api/admin/chat-access/': { permission: 'manage' },
  'delete /api/admin/chat-access/{id}/': { permission: 'manage', of: 'member' },

  'get /api/admin/user/': { permission: 'administer' },
  'get /api/admin/user/export/': { permission: 'administer' },
  'get /api/admin/workspace/': { permission: 'administer' },
  'get /api/admin/workspace/export/': { permission: 'administer' },
  'get /api/admin/workspace/{id}/member/': { permission: 'administer' },
  'get /api/admin/workspace/{id}/member/export/': { permission: 'administer' },
  'get /api/admin/server/job/': { permission: 'administer' },
  'get /api/admin/server/job/export/': { permission: 'administer' },
  'get /api/admin/server/key/': { permission: 'administer' },
  'get /api/admin/server/key/export/': { permission: 'administer' },
  'get /api/admin/server/audit/': { permission: 'administer' },
  'get /api/admin/server/audit/export/': { permission: 'administer' },
  'get /api/admin/settings/history/': { permission: 'administer' },
  'get /api/admin/settings/history/export/': { permission: 'administer' },
  'post /api/admin/user/bulk/': { permission: 'administer' },
  'get /api/admin/user/matching/': { permission: 'administer' },
  'post /api/admin/user/matching/': { permission: 'administer' },
  'post /api/admin/server/job/bulk/': { permission: 'administer' },
  'get /api/admin/server/job/matching/': { permission: 'administer' },
  'post /api/admin/server/job/matching/': { permission: 'administer' },
  'post /api/admin/server/key/bulk/': { permission: 'administer' },
  'get /api/admin/server/key/matching/': { permission: 'administer' },
  'post /api/admin/server/key/matching/': { permission: 'administer' },
  'get /api/admin/settings/': { permission: 'administer' },
  'patch /api/admin/settings/': { permission: 'administer' },

  'get /api/admin/chat/workspace/': { permission: 'inspect' },
  'get /api/admin/chat/': { permission: 'inspect' },
  'get /api/admin/chat/export/': { permission: 'inspect' },
  'get /api/admin/chat/{id}/message/': { permission: 'inspect' },
  'get /api/admin/chat/{id}/message/export/': { permission: 'inspect' },

  'post /api/workspace/': { permission: 'administer' },
  'get /api/user/': { permission: 'administer' },
  'post /api/user/': { permission: 'administer' },
  'patch /api/user/{id}/': { permission: 'administer', of: 'user', body: { disabled: true } },
  'post /api/user/{id}/sign-out/': { permission: 'administer', of: 'user' },
  'post /api/user/{id}/reset-link/': { permission: 'administer', of: 'user' },
  'post /api/doctor/': { permission: 'administer' },
  'post /api/backup/': { permission: 'administer' },
  'get /metrics': { permission: 'administer' },
};
