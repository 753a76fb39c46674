import type { UserRow } from '../../accounts/user-store.ts';

export function toUser({ id, email, name, is_admin, two_factor_enabled }: UserRow) {
  return { id, email, name, is_admin, second_factor: two_factor_enabled };
}
