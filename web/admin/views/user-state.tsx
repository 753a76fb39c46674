import { Badge } from '@mantine/core';
import type { z } from 'zod';
import type { userRow } from '../../../contract/administration/tables.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';

export type User = z.infer<typeof userRow>;

export function UserState({ user: { disabled, is_admin: isAdmin } }: { user: User }) {
  const a = useAdministrationText();
  if (disabled)
    return (
      <Badge variant="default" c="var(--bad)" tt="none">
        {a('user.disabled')}
      </Badge>
    );
  return isAdmin ? (
    <Badge variant="default" tt="none">
      {a('user.administrator')}
    </Badge>
  ) : (
    a('user.active')
  );
}
