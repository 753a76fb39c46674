import type { Permission, Role, Scope } from '../../contract/accounts/permissions.ts';

const reading: Permission[] = ['read', 'ask'];
const editing: Permission[] = [...reading, 'write'];

/** What each role may do in its workspace. */
const permissionsOfRole: Record<Role, readonly Permission[]> = {
  reader: reading,
  editor: editing,
  owner: [...editing, 'manage'],
};

const permissionOfScope: Record<Scope, readonly Permission[]> = {
  read: ['read'],
  ask: ['ask'],
  write: ['write'],
  admin: ['manage', 'administer'],
};

/** Whoever sits at this machine, as long as there are no accounts. */
export const everyPermission: readonly Permission[] = [
  'anyone',
  'account',
  ...permissionsOfRole.owner,
  'administer',
  'inspect',
];

type Standing = {
  /** In the workspace that is being looked at. */
  role: Role | undefined;
  isAdmin: boolean;
  /** Owners of workspaces have given them access to chats. */
  mayInspect: boolean;
};

/** Of someone who is signed in. */
export function permissionsOfUser({ role, isAdmin, mayInspect }: Standing): Permission[] {
  const granted: Permission[] = ['anyone', 'account', ...(role ? permissionsOfRole[role] : [])];
  if (isAdmin) granted.push('administer');
  if (isAdmin && mayInspect) granted.push('inspect');
  return granted;
}

/** What a key is for, as far as its maker may do it today: whoever loses a right loses it in their keys. */
export function permissionsOfKey(scopes: readonly Scope[], maker: readonly Permission[]): Permission[] {
  const wanted: Permission[] = scopes.flatMap(scope => permissionOfScope[scope]);
  return ['anyone', ...wanted.filter(permission => maker.includes(permission))];
}
