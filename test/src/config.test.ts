import { expect, test } from 'vitest';
import { explainProblems, readConfig, readTerminalConfig } from '#src/config.ts';

const good = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_SIGNING_SECRET: 'secret',
  STRIPE_SECRET_KEY: 'sk_test_1',
  STRIPE_WEBHOOK_SECRET: 'whsec_1',
};

const problemsOf = (env: Record<string, string>) =>
  readConfig(env).problems.map(({ name, problem }) => `${name} ${problem}`);

test('the four that are needed are enough; the rest has defaults', () => {
  expect(readConfig(good).config).toEqual({
    slack: { botToken: 'xoxb-1', signingSecret: 'secret', appToken: null, apiUrl: 'https://slack.com/api/' },
    stripe: {
      secretKey: 'sk_test_1',
      webhookSecrets: ['whsec_1'],
      apiBase: 'https://api.stripe.com',
      mode: 'test',
    },
    databaseUrl: 'sqlite:data/lucy.db',
    configFile: { path: 'lucy.config.yml', isExplicit: false },
    apiKeys: null,
    publicUrl: null,
    deployHookSecret: null,
    mail: { smtpUrl: null, from: null },
    sentry: { dsn: null, apiUrl: 'https://sentry.io', authToken: null },
    logIndex: { token: null, user: null },
    port: 3000,
    hasPort: false,
    host: '0.0.0.0',
    logLevel: 'info',
    redisUrl: null,
  });
});

test('everything that is missing is named at once, each with where it comes from', () => {
  const { problems } = readConfig({});

  expect(problems.map(({ name }) => name)).toEqual([
    'SLACK_BOT_TOKEN',
    'SLACK_SIGNING_SECRET',
    'STRIPE_SECRET_KEY',
    'STRIPE_WEBHOOK_SECRET',
  ]);
  const text = explainProblems(problems);
  expect(text).toContain('4 settings are missing or malformed');
  expect(text).toContain('SLACK_BOT_TOKEN is missing.');
  expect(text).toContain('OAuth & Permissions → Bot User OAuth Token');
  expect(text).toContain('npm run sandbox');
});

test('an empty variable, or one of spaces, counts as unset', () => {
  expect(problemsOf({ ...good, SLACK_BOT_TOKEN: '', STRIPE_SECRET_KEY: '  ' })).toEqual([
    'SLACK_BOT_TOKEN is missing',
    'STRIPE_SECRET_KEY is missing',
  ]);
  expect(readConfig({ ...good, PORT: '', DATABASE_URL: ' ', LOG_LEVEL: '' }).config).toMatchObject({
    port: 3000,
    databaseUrl: 'sqlite:data/lucy.db',
    logLevel: 'info',
  });
});

test.each([
  ['SLACK_BOT_TOKEN', 'xapp-1', 'must start with xoxb-'],
  ['SLACK_APP_TOKEN', 'xoxb-1', 'must start with xapp-'],
  ['STRIPE_SECRET_KEY', 'pk_test_1', 'must start with sk_ or rk_'],
  [
    'STRIPE_WEBHOOK_SECRET',
    'secret',
    'must be one or more secrets that start with whsec_, separated by commas',
  ],
  ['STRIPE_WEBHOOK_SECRET', 'whsec_1,secret', 'must be one or more secrets'],
  ['STRIPE_WEBHOOK_SECRET', 'whsec_', 'must be one or more secrets'],
  ['DATABASE_URL', 'mysql://x', 'is not an address that Lucy knows'],
  ['DATABASE_URL', 'sqlite:', 'is not an address that Lucy knows'],
  ['DATABASE_URL', 'sqlite:/proc/lucy/lucy.db', 'lies where the system keeps no files: /proc, /sys or /dev'],
  ['SLACK_API_URL', 'slack.com', 'is not an http or https address'],
  ['STRIPE_API_BASE', 'file:///etc/passwd', 'is not an http or https address'],
  ['PUBLIC_URL', 'lucy', 'is not an http or https address'],
  ['PORT', '65536', 'is not a port number'],
  ['PORT', '80a', 'is not a port number'],
  ['LOG_LEVEL', 'loud', 'must be one of trace, debug, info'],
])('%s=%s is told as what it is', (name, value, problem) => {
  expect(problemsOf({ ...good, [name]: value })).toEqual([expect.stringContaining(`${name} ${problem}`)]);
});

test('a secret’s value never stands in what is told of it', () => {
  const text = explainProblems(readConfig({ ...good, STRIPE_SECRET_KEY: 'pk_live_very-secret' }).problems);

  expect(text).not.toContain('very-secret');
});

test('in Socket Mode no signing secret is needed', () => {
  const { SLACK_SIGNING_SECRET: _without, ...rest } = good;

  expect(readConfig({ ...rest, SLACK_APP_TOKEN: 'xapp-1' }).config).toMatchObject({
    slack: { appToken: 'xapp-1', signingSecret: '' },
  });
});

test('several webhook secrets are one list; the mode follows the key; the base needs no slash', () => {
  const { config } = readConfig({
    ...good,
    STRIPE_SECRET_KEY: 'rk_live_1',
    STRIPE_WEBHOOK_SECRET: ' whsec_new , whsec_old ,',
    STRIPE_API_BASE: 'http://127.0.0.1:12111/',
  });

  expect(config?.stripe).toEqual({
    secretKey: 'rk_live_1',
    webhookSecrets: ['whsec_new', 'whsec_old'],
    apiBase: 'http://127.0.0.1:12111',
    mode: 'live',
  });
});

test.each(['sqlite:/var/lib/lucy.db', 'sqlite:lucy.db', 'postgres://u:p@h/db', 'postgresql://h/db'])(
  '%s is a database',
  (url) => {
    expect(readConfig({ ...good, DATABASE_URL: url }).config?.databaseUrl).toBe(url);
  },
);

test('the terminal needs nothing at all, and takes Stripe when there is a key', () => {
  expect(readTerminalConfig({})).toMatchObject({ problems: [], stripe: null, logLevel: null });
  expect(readTerminalConfig({ STRIPE_SECRET_KEY: 'sk_live_1' })).toMatchObject({
    stripe: { mode: 'live', apiBase: 'https://api.stripe.com' },
  });
  expect(readTerminalConfig({ DATABASE_URL: 'mysql://x' }).problems).toMatchObject([
    { name: 'DATABASE_URL' },
  ]);
});

test('LUCY_CONFIG names a file that must be there', () => {
  expect(readConfig({ ...good, LUCY_CONFIG: '/etc/lucy.yml' }).config?.configFile).toEqual({
    path: '/etc/lucy.yml',
    isExplicit: true,
  });
  expect(readConfig({ ...good, LUCY_CONFIG: '' }).config?.configFile.isExplicit).toBe(false);
});

test('Sentry and the log index: a DSN is one, a user comes with a token, and a terminal reads them, too', () => {
  const set = {
    SENTRY_DSN: 'https://abc@o1.ingest.example/42',
    SENTRY_API_URL: 'https://sentry.example',
    SENTRY_AUTH_TOKEN: 'sntrys_1',
    LOG_INDEX_TOKEN: 'token',
    LOG_INDEX_USER: '123',
  };
  const expected = {
    sentry: { dsn: set.SENTRY_DSN, apiUrl: 'https://sentry.example', authToken: 'sntrys_1' },
    logIndex: { token: 'token', user: '123' },
  };

  expect(readConfig({ ...good, ...set }).config).toMatchObject(expected);
  expect(readTerminalConfig(set)).toMatchObject({ ...expected, problems: [] });
  for (const dsn of [
    'https://o1.ingest.example/42',
    'abc',
    'https://abc@o1.ingest.example',
    'ftp://abc@x.example/1',
  ])
    expect(problemsOf({ ...good, SENTRY_DSN: dsn }), dsn).toEqual(['SENTRY_DSN is not a DSN of Sentry']);
  expect(problemsOf({ ...good, LOG_INDEX_USER: '123', SENTRY_API_URL: 'sentry' })).toEqual([
    'LOG_INDEX_USER is set without LOG_INDEX_TOKEN',
    'SENTRY_API_URL is not an http or https address',
  ]);
});
