import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { account, apiKeyList, inviteList, memberList } from '../../contract/accounts/accounts.ts';
import { queryClient } from './query-client.ts';
import { request } from './request.ts';
import { setSignInNeeded } from './sign-in-needed.ts';

export type Account = z.infer<typeof account>;
type Lists = {
  'workspace/member/': z.infer<typeof memberList>;
  'workspace/invite/': z.infer<typeof inviteList>;
  'key/': z.infer<typeof apiKeyList>;
};

const accountKey = ['account'] as const;

/** Who is signed in. */
export const useAccount = () =>
  useQuery({ queryKey: accountKey, queryFn: ({ signal }) => request<Account>('account/', { signal }) });

/** What owners see of their workspace. */
export const useList = <Path extends keyof Lists>(path: Path) =>
  useQuery({
    queryKey: [...accountKey, path],
    queryFn: ({ signal }) => request<Lists[Path]>(path, { signal }),
  });

export const refreshAccount = () => queryClient.invalidateQueries({ queryKey: accountKey });

/** Someone else, or another workspace: nothing of what was read before holds. */
export function startAnew(isSignedIn: boolean): void {
  queryClient.clear();
  setSignInNeeded(!isSignedIn);
}

export const post = <Answer>(path: string, body: object = {}): Promise<Answer> =>
  request<Answer>(path, { method: 'POST', body });
