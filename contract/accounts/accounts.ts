import { z } from 'zod';
import { id, noControlCharacters, time } from '../scalars.ts';
import { LEAST_PASSWORD, MOST_PASSWORD } from './password-length.ts';
import { permissions, roles, scopes } from './permissions.ts';

const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email('must be an e-mail address'))
  .describe('An e-mail address; capitals count for nothing.');
const name = z.string().trim().min(1).max(100).regex(noControlCharacters, 'must not have control characters');
const newPassword = z
  .string()
  .min(LEAST_PASSWORD, `must have at least ${LEAST_PASSWORD} characters`)
  .max(MOST_PASSWORD, `must have at most ${MOST_PASSWORD} characters`);
/** Whatever is given: whether it is right is not the schema's to say. */
const givenPassword = z.string().max(1_000);
const token = z.string().regex(/^[\w-]{20,100}$/, 'is not what a link holds');
const role = z.enum(roles);

export const signInState = z
  .object({
    sign_in: z
      .enum(['open', 'required', 'set_up'])
      .describe('`open`: on this machine, without accounts. `set_up`: the first admin is to be made.'),
    signed_in: z.boolean(),
    provider: z.string().nullable().describe('The name of the OpenID provider to sign in with.'),
  })
  .meta({ id: 'SignInState' });

export const signInRequest = z.strictObject({ email, password: givenPassword });
export const signInAnswer = z.object({
  second_factor: z
    .boolean()
    .describe('The password was right; the code of the authenticator is still to come.'),
});
export const codeRequest = z.strictObject({
  code: z
    .string()
    .regex(/^[\w-]{6,20}$/, 'must be a code')
    .describe('Six digits, or a recovery code.'),
  recovery: z.boolean().default(false),
});
export const openidStart = z.strictObject({
  return_to: z
    .string()
    .max(2_000)
    .regex(/^\/[\x21\x22\x24-\x7e]*$/, 'must be a path of the page')
    .default('/')
    .describe('Where the browser goes once it is signed in, such as `/chat/7`.'),
});
/** What the provider sends is its to say: RFC 6749, section 4.1.2. */
export const openidAnswer = z.looseObject({});
export const setUpRequest = z.strictObject({ token: token.optional(), name, email, password: newPassword });
export const inviteLookup = z.strictObject({ token });
export const inviteDescription = z.object({
  workspace: z.string(),
  role,
  email: z.string().nullable().describe('The only address that may accept it.'),
  expires_at: time,
});
export const inviteAcceptance = z
  .strictObject({
    token,
    name: name.optional(),
    email: email.optional(),
    password: newPassword.optional(),
  })
  .describe('Who is signed in gives only the token.');
export const resetRequest = z.strictObject({ token, password: newPassword });
export const done = z.object({ done: z.literal(true) });

const user = z
  .object({ id, email: z.string(), name: z.string(), is_admin: z.boolean(), second_factor: z.boolean() })
  .meta({ id: 'User' });
export const workspace = z.object({ id, name: z.string() }).meta({ id: 'Workspace' });
export const account = z
  .object({
    user: user.nullable().describe('Null on this machine, without accounts.'),
    workspace: workspace.nullable().describe('What requests are about.'),
    role: role.nullable(),
    permissions: z.array(z.enum(permissions)),
    workspaces: z.array(workspace.extend({ role })).describe('Those to switch to.'),
  })
  .meta({ id: 'Account' });
export const passwordChange = z.strictObject({ current_password: givenPassword, new_password: newPassword });
export const passwordProof = z.strictObject({ password: givenPassword });
export const secondFactor = z.object({
  uri: z.string().describe('For the authenticator, as a link or QR code (otpauth:).'),
  recovery_codes: z.array(z.string()).describe('Each is good once, without the authenticator.'),
});
export const workspaceChoice = z.strictObject({ workspace_id: id });

export const workspaceRequest = z.strictObject({ name });
const member = z
  .object({ user_id: id, email: z.string(), name: z.string(), role, disabled: z.boolean(), since: time })
  .meta({ id: 'Member' });
export const memberList = z.object({ members: z.array(member) });
export const memberChange = z.strictObject({ role });

export const inviteRequest = z.strictObject({
  role,
  email: email.optional(),
  days: z.number().int().min(1).max(30).default(7).describe('Until it expires.'),
});
const invite = z
  .object({ id, role, email: z.string().nullable(), created_at: time, expires_at: time })
  .meta({ id: 'Invite' });
export const newInvite = invite.extend({
  link: z
    .string()
    .describe(
      'Shown this once: the address to open, from PUBLIC_URL on; its path where that is not set. Good for one person.',
    ),
});
export const inviteList = z
  .object({ invites: z.array(invite) })
  .describe('Those that can still be accepted.');

export const apiKeyRequest = z.strictObject({
  name,
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
  days: z.number().int().min(1).max(3_650).optional().describe('Until it expires; without, it does not.'),
});
const apiKey = z
  .object({
    id,
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.enum(scopes)),
    created_at: time,
    created_by: id.nullable(),
    expires_at: time.nullable(),
    last_used_at: time.nullable().describe('To the minute.'),
    revoked_at: time.nullable(),
  })
  .meta({ id: 'ApiKey' });
export const newApiKey = apiKey.extend({ secret: z.string().describe('Shown this once.') });
export const apiKeyList = z.object({ keys: z.array(apiKey), next_cursor: z.string().nullable() });

const userEntry = user.extend({
  disabled: z.boolean(),
  created_at: time,
  workspaces: z.array(workspace.extend({ role })),
});
export const userList = z.object({ users: z.array(userEntry), next_cursor: z.string().nullable() });
export const userChange = z
  .strictObject({ disabled: z.boolean().optional(), is_admin: z.boolean().optional() })
  .refine(change => Object.keys(change).length > 0, 'must have something to change');
export const userRequest = z.strictObject({ email, name });
export const resetLink = z.object({
  link: z
    .string()
    .describe('Shown this once: the address to open, from PUBLIC_URL on; its path where that is not set.'),
  expires_at: time,
});
export const newUser = resetLink.extend({ id });
