import type { Config } from '../../server/config.ts';
import { weaknessOf } from '../../server/config-conflicts.ts';
import { isLoopback } from '../../server/config-values.ts';
import type { Facts } from './facts.ts';

export type Finding = {
  name: string;
  /** `must`: not fit for others before it is done; `should`: worth thinking about. */
  verdict: 'ok' | 'should' | 'must';
  /** What was found, and what to do unless it is ok. */
  text: string;
};

type Look = (config: Config, facts: Facts, now: Date) => Omit<Finding, 'name'>;

const ok = (text: string) => ({ verdict: 'ok' as const, text });
const must = (text: string) => ({ verdict: 'must' as const, text });
const should = (text: string) => ({ verdict: 'should' as const, text });

const DAY_MS = 86_400_000;
const LEAST_CERTIFICATE_DAYS = 14;
/** Connections of one process, and a few for everybody else. */
const LEAST_CONNECTIONS = 20;

const looks: Record<string, Look> = {
  DEBUG: ({ debug }) =>
    debug ? must('It is on: log lines are for people. Set DEBUG=false.') : ok('It is off.'),

  SECRET_KEY: ({ secretKey, databaseUrl }) => {
    const weakness = secretKey === undefined ? undefined : weaknessOf(secretKey);
    if (weakness !== undefined)
      return must(`The one given ${weakness}: \`openssl rand -base64 48\` makes another.`);
    if (secretKey !== undefined) return ok('It is given, and random.');
    return databaseUrl === undefined
      ? ok('A random one is kept in the data folder; keep a copy apart from the backups.')
      : should(
          'Not set: the data folder keeps one, which a server on another machine would not have. Set it.',
        );
  },

  ALLOWED_HOSTS: ({ allowedHosts }) => {
    if (allowedHosts.includes('*'))
      return must('It allows any name, which a foreign page can use. Name your own.');
    return allowedHosts.length === 0
      ? must('Not set: the server answers on this machine’s own names only. Name the host that people use.')
      : ok(`It names ${allowedHosts.join(', ')}.`);
  },

  HTTPS: ({ tlsCert, host, trustedProxies }, { certificate }, now) => {
    if (tlsCert !== undefined) return checkCertificate(certificate, now);
    if (!isLoopback(host))
      return must(
        'HOST can be reached from other machines in plain text. Set TLS_CERT and TLS_KEY, or HOST=127.0.0.1 behind a proxy (deploy/nginx.conf, deploy/Caddyfile).',
      );
    return trustedProxies.length > 0
      ? ok('A proxy on this machine is to speak HTTPS.')
      : must(
          'Put a proxy with HTTPS before it (deploy/nginx.conf, deploy/Caddyfile) and name it in TRUSTED_PROXIES, or set TLS_CERT and TLS_KEY.',
        );
  },

  'database user': ({ databaseUrl }, { database }) => {
    if (databaseUrl === undefined)
      return should(
        'The embedded database does not survive a power cut: use a native PostgreSQL (lectern migrate-to), or keep backups.',
      );
    if (!database) return ok('It is embedded.');
    if ('error' in database) return must(`The database can't be asked: ${database.error}.`);
    if (database.isSuperuser)
      return must(
        'It is a superuser, whom no policy binds. Make Lectern a user that owns its database only.',
      );
    const { password } = new URL(databaseUrl);
    if (password !== '' && (password.length < 12 || new Set(password).size < 5))
      return must('Its password is short. `openssl rand -hex 24` makes a better one.');
    return ok('It is no superuser, and has no short password.');
  },

  'database encryption': ({ databaseUrl }, { database }) => {
    if (databaseUrl === undefined || !database) return ok('The database is in this process.');
    if ('error' in database) return must('The database can’t be asked.');
    const { hostname } = new URL(databaseUrl);
    if (database.isEncrypted) return ok('The connection is encrypted.');
    return hostname === '' || isLoopback(hostname)
      ? ok('The database is on this machine.')
      : must('The connection is in plain text. Add sslmode=verify-full to DATABASE_URL.');
  },

  'database connections': (_, { database }) => {
    if (!database) return ok('The embedded database has one session, which is shared.');
    if ('error' in database) return must('The database can’t be asked.');
    return database.maxConnections < LEAST_CONNECTIONS
      ? must(
          `The server takes ${database.maxConnections}, and each process keeps up to 10. Raise max_connections, or put PgBouncer before it.`,
        )
      : ok(`The server takes ${database.maxConnections}; each process keeps up to 10.`);
  },

  logging: ({ logLevel }) => {
    if (['trace', 'debug'].includes(logLevel))
      return should(`LOG_LEVEL=${logLevel} writes much; info is enough.`);
    return ['fatal', 'silent'].includes(logLevel)
      ? must(`LOG_LEVEL=${logLevel} hides errors. Set it to info or warn.`)
      : ok('Lines of JSON on standard output, without secrets.');
  },

  'data folder': (_, { dataFolderMode: mode }) => {
    if (mode === undefined) return ok('A start makes it, for this user only, and the page in it.');
    return (mode & 0o077) === 0
      ? ok('Only this user can read it; the page is built and served from it.')
      : must(`Others can read it (${mode.toString(8)}). Run chmod 700 on LECTERN_DATA_DIR.`);
  },

  'rate limits': ({ rateLimitRequests, rateLimitUploads, rateLimitAnswers }) =>
    Math.min(rateLimitRequests, rateLimitUploads, rateLimitAnswers) === 0
      ? must('One is turned off. Set RATE_LIMIT_REQUESTS, RATE_LIMIT_UPLOADS and RATE_LIMIT_ANSWERS.')
      : ok('Requests, uploads and running answers are limited.'),

  monitoring: (_, { readiness }) => {
    if (readiness === 200)
      return ok('/readyz answers; let Prometheus read /metrics (deploy/grafana/lectern.json).');
    return readiness === undefined
      ? should(
          'No server runs on the data folder. Let something watch /readyz and read /metrics once it does.',
        )
      : must(`The running server answers /readyz with ${readiness}. Its log says why.`);
  },

  backups: ({ backupFolder, backupEveryHours }, { backups }, now) => {
    if (backupFolder === undefined || !backups)
      return must('None are made. Set BACKUP_FOLDER, on another disk than the data.');
    if ('error' in backups) return must(`BACKUP_FOLDER can't be looked at: ${backups.error}.`);
    if (!backups.newestAt) return must('There is none yet. Start the server, or run lectern backup.');
    const hours = (now.getTime() - backups.newestAt.getTime()) / 3_600_000;
    if (hours > 2 * backupEveryHours)
      return must(
        `The newest is ${Math.round(hours)} hours old, and one is to be made every ${backupEveryHours}. The log says why.`,
      );
    return backups.isOnDataDisk
      ? should('They lie on the disk of the data, and would go with it. Copy them elsewhere.')
      : ok(`The newest is ${Math.round(hours)} hours old. Restore one now and then.`);
  },
};

/** The whole list, in its order. */
export function goThrough(config: Config, facts: Facts, now = new Date()): Finding[] {
  return Object.entries(looks).map(([name, look]) => ({ name, ...look(config, facts, now) }));
}

function checkCertificate(certificate: Facts['certificate'], now: Date) {
  if (!certificate || 'error' in certificate)
    return must(`TLS_CERT can't be read: ${certificate?.error ?? 'it is not set'}.`);
  const days = Math.floor((certificate.endsAt.getTime() - now.getTime()) / DAY_MS);
  return days < LEAST_CERTIFICATE_DAYS
    ? must(`The certificate ends in ${days} days. Renew it; SIGHUP makes the server read it again.`)
    : ok(`The certificate holds for ${days} days.`);
}
