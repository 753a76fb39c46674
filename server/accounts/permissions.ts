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
];

/** Of someone who is signed in. */
export function permissionsOfUser(role: Role | undefined, isAdmin: boolean): Permission[] {
  const inWorkspace = role ? permissionsOfRole[role] : [];
  return ['anyone', 'account', ...inWorkspace, ...(isAdmin ? (['administer'] as const) : [])];
}

/** What a key is for, as far as its maker may do it today: whoever loses a right loses it in their keys. */
export function permissionsOfKey(scopes: readonly Scope[], maker: readonly Permission[]): Permission[] {
  const wanted: Permission[] = scopes.flatMap(scope => permissionOfScope[scope]);
  return ['anyone', ...wanted.filter(permission => maker.includes(permission))];
}
