import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#db/connection.ts';
import { migrate } from '#db/migrate.ts';
import { type App, buildApp } from '#src/app.ts';
import type { Config } from '#src/config.ts';
import { usageOf } from '#src/runner/usage.ts';
import { addCast } from './add-cast.ts';
import { seedReleases, startLocalDeploy } from './deploy/local-deploy.ts';
import { type Mailbox, startMailbox } from './mail/mailbox.ts';
import { type Observability, startObservability } from './observability/start-observability.ts';
import { startPage } from './page/serve-page.ts';
import { createSandboxClock } from './sandbox-clock.ts';
import { sandboxSettings } from './sandbox-settings.ts';
import type { LocalSlack } from './slack/local-slack.ts';
import { startLocalSlack } from './slack/start-local-slack.ts';
import { createStory, type StoryTeller } from './story/create-story.ts';
import { storyListener } from './story/story-listener.ts';
import { startLocalStripe } from './stripe/local-stripe.ts';
import type { LocalStripe } from './stripe/local-stripe-types.ts';
import { seedWorld } from './stripe/seed-world.ts';

export type Sandbox = {
  url: string;
  lucyUrl: string;
  databaseUrl: string;
  app: App;
  slack: LocalSlack;
  stripe: LocalStripe;
  mailbox: Mailbox;
  observability: Observability;
  /** An hour without webhooks, told or played. */
  story: StoryTeller;
  stop(): Promise<void>;
};

/** Nothing here is secret: these only ever meet on 127.0.0.1. */
const secrets = {
  botToken: 'xoxb-sandbox',
  signingSecret: 'sandbox-signing-secret',
  stripeKey: 'sk_test_sandbox',
  webhookSecret: 'whsec_sandbox',
};

/** Long enough to read what Lucy says before the bank closes a refunded inquiry, which takes weeks at Stripe. */
const INQUIRY_CLOSES_AFTER_MS = 60_000;

/** The whole local world: Slack, Stripe, a page to look at them, and Lucy herself on a database of her own. */
export async function startSandbox(
  options: { port?: number; logLevel?: string; storyTurnMs?: number } = {},
): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-sandbox-'));
  const databaseUrl = `sqlite:${join(folder, 'lucy.db')}`;
  let lucyUrl = 'http://127.0.0.1:9';
  const clock = createSandboxClock();
  const slack = await startLocalSlack({
    ...secrets,
    eventsUrl: () => `${lucyUrl}/slack/events`,
    now: clock.now,
    signingClock: clock.now,
  });
  const stripe = await startLocalStripe({
    secretKey: secrets.stripeKey,
    webhookSecret: secrets.webhookSecret,
    webhookUrl: () => `${lucyUrl}/api/billing/webhook`,
    now: clock.now,
    inquiryClosesAfterMs: INQUIRY_CLOSES_AFTER_MS,
  });
  seedWorld(stripe);
  const mailbox = await startMailbox();

  const database = openDatabase(databaseUrl);
  await migrate(database);
  const observability = await startObservability(options.logLevel ?? 'warn');
  const { log } = observability;
  const config = {
    ...configOf(slack, stripe, mailbox.smtpUrl, databaseUrl, options.logLevel ?? 'warn'),
    ...observability.config,
  };
  const deploy = await startLocalDeploy({ database, clock });
  const observed = observability.settings(sandboxSettings);
  const settings = { ...observed, releases: { ...observed.releases, deploy_hook: deploy.url } };
  const app = await buildApp({ config, settings, database, clock, log });
  await seedReleases({ database, clock });
  await addCast(app.runner);
  const { port } = await app.start();
  lucyUrl = `http://127.0.0.1:${port}`;
  const story = createStory({ app, stripe, clock, turnMs: options.storyTurnMs });
  const page = await startPage({
    port: options.port ?? 0,
    slack: slack.clientListener,
    stripe: stripe.panelListener,
    mailbox: mailbox.listener,
    story: storyListener(story),
    wire: [slack.wire, stripe.wire, mailbox.wire],
    lucyCommands: () =>
      app.runner.commands.map((command) => ({ usage: usageOf(command), summary: command.summary })),
  });
  return {
    url: page.url,
    lucyUrl,
    databaseUrl,
    app,
    slack,
    stripe,
    mailbox,
    observability,
    story,
    async stop() {
      await story.stop();
      await page.close();
      await app.stop();
      await Promise.all([slack.close(), stripe.close(), mailbox.close(), deploy.close()]);
      await database.close();
      await observability.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configOf(
  slack: LocalSlack,
  stripe: LocalStripe,
  smtpUrl: string,
  databaseUrl: string,
  logLevel: string,
): Config {
  return {
    slack: {
      botToken: secrets.botToken,
      signingSecret: secrets.signingSecret,
      appToken: null,
      apiUrl: slack.apiUrl,
    },
    stripe: {
      secretKey: secrets.stripeKey,
      webhookSecrets: [secrets.webhookSecret],
      apiBase: stripe.url,
      mode: 'test',
    },
    databaseUrl,
    configFile: { path: 'lucy.config.yml', isExplicit: false },
    apiKeys: null,
    publicUrl: null,
    sentry: { dsn: null, apiUrl: 'https://sentry.io', authToken: null },
    logIndex: { token: null, user: null },
    deployHookSecret: null,
    mail: { smtpUrl, from: 'Lucy’s sandbox <billing@sandbox.example>' },
    redisUrl: null,
    port: 0,
    hasPort: true,
    host: '127.0.0.1',
    logLevel,
  };
}
