import { z } from 'zod';

/** From a process to its supervisor: it listens. `owner` is its name on what it has leased. */
export const readyMessage = z.object({ type: z.literal('ready'), owner: z.string(), url: z.string() });

/** From the supervisor to one process: another one has died and left behind what it had leased. */
export const deathMessage = z.object({ type: z.literal('process-died'), owner: z.string() });

/** From a process to its supervisor: it stops, and lets its answers go on for so long, by the settings as they are now. */
export const drainingMessage = z.object({ type: z.literal('draining'), drainMs: z.number() });

/** Of one process, as prom-client tells them. */
const metrics = z.array(z.looseObject({ name: z.string() }));

/** From a process to its supervisor: somebody asks for the metrics of all. */
export const metricsWantedMessage = z.object({ type: z.literal('metrics-wanted'), id: z.string() });

/** From the supervisor to every process: tell yours. */
export const tellMetricsMessage = z.object({ type: z.literal('tell-metrics'), id: z.string() });

export const toldMetricsMessage = z.object({ type: z.literal('told-metrics'), id: z.string(), metrics });

/** From the supervisor to the process that wanted them: those of each that answered in time. */
export const allMetricsMessage = z.object({
  type: z.literal('all-metrics'),
  id: z.string(),
  processes: z.array(metrics),
});
