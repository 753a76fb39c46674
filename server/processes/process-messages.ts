import { z } from 'zod';

/** From a process to its supervisor: it listens. `owner` is its name on what it has leased. */
export const readyMessage = z.object({ type: z.literal('ready'), owner: z.string(), url: z.string() });

/** From the supervisor to one process: another one has died and left behind what it had leased. */
export const deathMessage = z.object({ type: z.literal('process-died'), owner: z.string() });
