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

export const tls = {
  tlsCert: value.file().optional().meta({
    shownDefault: 'plain HTTP',
    description:
      'The certificate (PEM, with those between it and its authority) to serve HTTPS with. Read again on SIGHUP. Behind a proxy that speaks HTTPS it is not needed.',
  }),
  tlsKey: value.file().optional().describe('The key of TLS_CERT (PEM); required together with it.'),
};

export const observing = {
  otelExporterOtlpEndpoint: value.baseUrl().optional().meta({
    shownDefault: 'no traces are sent',
    description:
      'Traces of requests, searches, calls of the language model and ingestions are sent to this collector by OTLP over HTTP. The other `OTEL_` variables of OpenTelemetry (headers, service name, sampler …) work as everywhere, from the environment only.',
  }),
};
