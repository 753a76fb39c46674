import { useMutation, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { serverSettings } from '../../../contract/administration/settings.ts';
import { queryClient } from '../../api/query-client.ts';
import { request } from '../../api/request.ts';

type ServerSettings = z.infer<typeof serverSettings>;
/** New values by the settings' names; null goes back to the value of the environment. */
export type Draft = Readonly<Record<string, string | null>>;

const settingsKey = ['administration', 'settings'] as const;

/** All settings of the server, where their values come from, and which of them can be changed here. */
export const useServerSettings = () =>
  useQuery({
    queryKey: settingsKey,
    queryFn: ({ signal }) => request<ServerSettings>('admin/settings/', { signal }),
  });

/** Changes settings, all or none; refused when somebody else has changed one meanwhile. */
export const useChangeSettings = (revision: number, onDone: () => void) =>
  useMutation({
    mutationFn: (values: Draft) =>
      request<ServerSettings>('admin/settings/', { method: 'PATCH', body: { values, revision } }),
    onSuccess: changed => {
      queryClient.setQueryData(settingsKey, changed);
      void queryClient.invalidateQueries({ queryKey: ['administration', 'admin/settings/history/'] });
      // What the rest of the page knows of the server: who writes, how much fits.
      void queryClient.invalidateQueries({ queryKey: ['settings'] });
      onDone();
    },
    // Somebody else may have been quicker: what they changed is shown, and what was typed stays.
    onError: () => queryClient.invalidateQueries({ queryKey: settingsKey }),
  });
