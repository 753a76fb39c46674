/** Settings of whoever runs Lectern for others. */
import * as value from '../config-values.ts';

export const backups = {
  backupFolder: value.folder().optional().meta({
    shownDefault: 'none are made',
    description:
      'Backups are saved in this folder by themselves. Keep it on another disk than the data; `lectern restore` reads them.',
  }),
  backupEveryHours: value
    .decimal({ min: 0.001, max: 8_760, unit: 'hours' })
    .default(24)
    .describe('How old the newest backup may get before the next one is made.'),
  backupKeep: value
    .wholeNumber({ min: 1, max: 10_000, unit: 'backups' })
    .default(7)
    .describe('How many stay; older ones are removed once a newer one is whole.'),
};
