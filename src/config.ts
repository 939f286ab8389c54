import { z } from 'zod';
import { type ConfigProblem, type Env, readerOf } from './config-reader.ts';
import { readTelemetryConfig, type TelemetryConfig } from './config-telemetry.ts';
import { readMailbox } from './core/settings-mail.ts';

/**
 * The only reader of `process.env`. Every problem is named at once, each with where its value comes from
 * (DESIGN section 9: environment). An empty variable counts as unset.
 */
export type Config = TelemetryConfig & {
  slack: { botToken: string; signingSecret: string; appToken: string | null; apiUrl: string };
  stripe: { secretKey: string; webhookSecrets: string[]; apiBase: string; mode: 'test' | 'live' };
  databaseUrl: string;
  configFile: { path: string; isExplicit: boolean };
  apiKeys: string | null;
  publicUrl: string | null;
  /** Signs what the deploy hook is asked. */
  deployHookSecret: string | null;
  /** Mails to customers: through which server, and from whom when the settings do not say. */
  mail: { smtpUrl: string | null; from: string | null };
  /** Where other processes are rung up; null: each looks by itself. */
  redisUrl: string | null;
  port: number;
  /** PORT was set: a worker opens its small port only then. */
  hasPort: boolean;
  host: string;
  logLevel: string;
};

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** What the terminal needs: the database. Stripe only for commands that ask it, and only when a key is set. */
export type TerminalConfig = TelemetryConfig & {
  databaseUrl: string;
  configFile: { path: string; isExplicit: boolean };
  stripe: { secretKey: string; apiBase: string; mode: 'test' | 'live' } | null;
  logLevel: string | null;
  problems: ConfigProblem[];
};

export function readTerminalConfig(env: Env): TerminalConfig {
  const reader = readerOf(env);
  const secretKey = reader.text('STRIPE_SECRET_KEY');
  return {
    databaseUrl: readDatabaseUrl(reader),
    configFile: readConfigFilePath(env),
    stripe: secretKey ? { secretKey, apiBase: readApiBase(reader), mode: modeOf(secretKey) } : null,
    ...readTelemetryConfig(reader),
    logLevel: reader.oneOf('LOG_LEVEL', logLevels),
    problems: reader.problems,
  };
}

function readDatabaseUrl(reader: ReturnType<typeof readerOf>): string {
  const url = reader.text('DATABASE_URL') ?? 'sqlite:data/lucy.db';
  if (!/^(sqlite:.+|postgres(ql)?:\/\/.+)$/.test(url))
    reader.problem('DATABASE_URL', 'is not an address that Lucy knows');
  else if (/^sqlite:\/+(proc|sys|dev)\//.test(url))
    reader.problem('DATABASE_URL', 'lies where the system keeps no files: /proc, /sys or /dev');
  return url;
}

function readApiBase(reader: ReturnType<typeof readerOf>): string {
  return (reader.url('STRIPE_API_BASE') ?? 'https://api.stripe.com').replace(/\/+$/, '');
}

/** Test or live follows the Stripe key (DESIGN section 9: environment). */
function modeOf(secretKey: string): 'test' | 'live' {
  return secretKey.includes('_live_') ? 'live' : 'test';
}

export function readConfig(
  env: Env,
): { config: Config; problems: [] } | { config: null; problems: ConfigProblem[] } {
  const reader = readerOf(env);
  const appToken = reader.prefixed('SLACK_APP_TOKEN', ['xapp-'], { isRequired: false });
  const botToken = reader.prefixed('SLACK_BOT_TOKEN', ['xoxb-']);
  const signingSecret = reader.text('SLACK_SIGNING_SECRET') ?? '';
  if (!signingSecret && !appToken) reader.problem('SLACK_SIGNING_SECRET', 'is missing');
  const secretKey = reader.prefixed('STRIPE_SECRET_KEY', ['sk_', 'rk_']) ?? '';
  const webhookSecrets = reader.list('STRIPE_WEBHOOK_SECRET');
  if (webhookSecrets.length === 0) reader.problem('STRIPE_WEBHOOK_SECRET', 'is missing');
  if (webhookSecrets.some((secret) => !/^whsec_.+/.test(secret))) {
    reader.problem(
      'STRIPE_WEBHOOK_SECRET',
      'must be one or more secrets that start with whsec_, separated by commas',
    );
  }
  const databaseUrl = readDatabaseUrl(reader);
  const config: Config = {
    slack: {
      botToken: botToken ?? '',
      signingSecret,
      appToken,
      apiUrl: reader.url('SLACK_API_URL') ?? 'https://slack.com/api/',
    },
    stripe: {
      secretKey,
      webhookSecrets,
      apiBase: readApiBase(reader),
      mode: modeOf(secretKey),
    },
    databaseUrl,
    configFile: readConfigFilePath(env),
    apiKeys: reader.text('LUCY_API_KEYS'),
    publicUrl: reader.url('PUBLIC_URL'),
    deployHookSecret: reader.text('DEPLOY_HOOK_SECRET'),
    mail: readMail(reader),
    ...readTelemetryConfig(reader),
    redisUrl: readRedisUrl(reader),
    port: reader.port('PORT', 3000),
    hasPort: reader.text('PORT') !== null,
    host: reader.text('HOST') ?? '0.0.0.0',
    logLevel: reader.oneOf('LOG_LEVEL', logLevels) ?? 'info',
  };
  return reader.problems.length === 0
    ? { config, problems: [] }
    : { config: null, problems: reader.problems };
}

/** The number after the host chooses one of Redis’s databases. */
function readRedisUrl(reader: ReturnType<typeof readerOf>): string | null {
  const text = reader.text('REDIS_URL');
  if (text === null) return null;
  const url = URL.parse(text);
  const isRedis = url !== null && /^rediss?:$/.test(url.protocol) && url.hostname !== '';
  if (!isRedis || !/^\/?\d*$/.test(url.pathname))
    reader.problem('REDIS_URL', 'is not a redis or rediss address');
  return text;
}

function readMail(reader: ReturnType<typeof readerOf>): Config['mail'] {
  const smtpUrl = reader.text('SMTP_URL');
  const isUrl = smtpUrl !== null && z.url({ protocol: /^smtps?$/ }).safeParse(smtpUrl).success;
  if (smtpUrl !== null && !isUrl) reader.problem('SMTP_URL', 'is not an smtp or smtps address');
  const from = reader.text('MAIL_FROM');
  if (from !== null && readMailbox(from) === null) reader.problem('MAIL_FROM', 'is not a mail address');
  return { smtpUrl, from };
}

export function readConfigFilePath(env: Env): { path: string; isExplicit: boolean } {
  const path = readerOf(env).text('LUCY_CONFIG');
  return { path: path ?? 'lucy.config.yml', isExplicit: path !== null };
}

/** Every problem in sentences, one a line, ready for stderr. */
export function explainProblems(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(
    ({ name, problem, where }) => `  ${name} ${problem}.\n      Where it comes from: ${where}`,
  );
  return `Lucy cannot start: ${problems.length === 1 ? 'one setting is' : `${problems.length} settings are`} missing or malformed.\n\n${lines.join('\n')}\n\nTo try Lucy without any account, run: npm run sandbox\n`;
}
