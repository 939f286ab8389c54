import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { commands } from '#commands/index.ts';
import type { Database } from '#db/connection.ts';
import { people } from '#sandbox/cast.ts';
import type { LocalSlack, LocalSlackOptions } from '#sandbox/slack/local-slack.ts';
import type { SeenMessage } from '#sandbox/slack/person/seen.ts';
import { startLocalSlack } from '#sandbox/slack/start-local-slack.ts';
import { createRenderCard } from '#src/cards.ts';
import { createLog } from '#src/core/log.ts';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { runTimers } from '#src/jobs/run-timers.ts';
import { type Delivered, deliverDue } from '#src/outbox/deliver.ts';
import type { Command } from '#src/runner/define-command.ts';
import type { Runner } from '#src/runner/runner.ts';
import { createSlackSurface, type SlackSurface } from '#src/slack/create-surface.ts';
import { runTerminal } from '#src/terminal/run-terminal.ts';
import { freshDatabase } from './fresh-database.ts';
import { manifest } from './manifest.ts';
import { stripeTruth } from './stripe-truth.ts';
import { staff } from './terminal-world.ts';
import { type TestClock, testClock } from './test-clock.ts';

export type SlackWorld = {
  database: Database;
  url: string;
  clock: TestClock;
  logs: Record<string, unknown>[];
  slack: LocalSlack;
  runner: Runner;
  surface: SlackSurface;
  /** Where this Lucy takes Slack's requests. */
  eventsUrl: string;
  /** One look into the outbox. */
  pump(): Promise<Delivered>;
  /** Looks into the outbox until it is empty, a second apart. */
  pumpAll(): Promise<void>;
  /** Whatever is due now happens. */
  tick(): Promise<void>;
  /** From now on Slack sends its requests there. */
  moveTo(eventsUrl: string): void;
  /** Does something as an admin at the terminal: what a test needs before it begins. */
  given(line: string): Promise<void>;
  /** Another process with the same database and the same Slack. */
  another(options?: { isSlackAway: boolean }): Promise<{ surface: SlackSurface; eventsUrl: string }>;
};

export const slackSecrets = {
  signingSecret: 'local-signing-secret',
  botToken: 'xoxb-local-bot-token',
  appToken: 'xapp-local-app-token',
};

/** The local Slack allows what manifest.yml asks for and nothing else. */
const asDeclared = {
  scopes: manifest.oauth_config.scopes.bot,
  subscriptions: manifest.settings.event_subscriptions.bot_events,
  shortcuts: manifest.features.shortcuts.map(({ callback_id, name }) => ({ callbackId: callback_id, name })),
  commands: manifest.features.slash_commands.map((declared) => ({
    command: declared.command,
    description: declared.description,
    usageHint: declared.usage_hint,
    shouldEscape: declared.should_escape,
  })),
};

/** The roles of the cast, by user group as in real life; Ada by her member id. */
export const castSettings: Settings = settingsSchema.parse({
  roles: {
    support: { groups: ['S0SUPPORT1'] },
    billing: { groups: ['S0BILLING1'] },
    oncall: { groups: ['S0ONCALL01'] },
    admin: { members: [people.ada.id] },
  },
});

/**
 * Lucy behind a server of her own, with the local Slack before her: real Bolt, real signatures. One clock for both,
 * which begins at the real time, because Bolt looks at that for old signatures.
 */
export async function slackWorld(
  options: {
    slack?: Partial<LocalSlackOptions>;
    settings?: Settings;
    /** More commands, for what Lucy's own never do, such as taking long. */
    commands?: readonly Command[];
    stripe?: StripeGateway;
    isSocketMode?: boolean;
    isSlackDown?: boolean;
  } = {},
): Promise<SlackWorld> {
  const { database, url } = await freshDatabase();
  const clock = testClock(Date.now());
  const logs: Record<string, unknown>[] = [];
  const log = createLog('debug', { write: (line: string) => void logs.push(JSON.parse(line)) });
  const runner: Runner = {
    database,
    settings: options.settings ?? castSettings,
    clock,
    log,
    mode: 'test',
    stripe: options.stripe ?? null,
    commands: [...commands, ...(options.commands ?? [])],
  };
  let eventsUrl = '';
  const slack = await startLocalSlack({
    ...slackSecrets,
    eventsUrl: () => eventsUrl,
    now: clock.now,
    signingClock: clock.now,
    ...asDeclared,
    ...options.slack,
  });
  onTestFinished(() => slack.close());
  if (options.isSlackDown) slack.faults.down(true);
  const config = {
    ...slackSecrets,
    appToken: options.isSocketMode ? slackSecrets.appToken : null,
    apiUrl: slack.apiUrl,
  };

  async function process(
    isSlackAway = options.isSlackDown ?? false,
  ): Promise<{ surface: SlackSurface; eventsUrl: string }> {
    const surface = createSlackSurface({ runner, config, log, clock });
    const server = createServer((request, response) => void surface.requestListener(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(async () => {
      await surface.stop();
      server.closeAllConnections();
      server.close();
      await slack.settled().catch(() => {});
    });
    await surface.start();
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    if (!isSlackAway) await slack.waitFor(() => surface.health().state === 'ok');
    return { surface, eventsUrl: `http://127.0.0.1:${port}/slack/events` };
  }

  const first = await process();
  eventsUrl = first.eventsUrl;
  const pump = () =>
    deliverDue({
      database,
      clock,
      log,
      announcer: first.surface.announcer,
      renderCard: createRenderCard(runner.settings),
      random: () => 0.5,
    });
  return {
    database,
    url,
    clock,
    logs,
    slack,
    runner,
    ...first,
    pump,
    async pumpAll() {
      for (let looks = 0; looks < 100; looks++) {
        clock.advance(1_001);
        const { sent, folded, postponed, dead } = await pump();
        if (sent + folded + postponed + dead === 0) return;
      }
    },
    async tick() {
      await runTimers({
        ...runner,
        stripe: runner.stripe ?? stripeTruth(clock.now).gateway,
        creditsSince: 0,
      });
    },
    moveTo(url) {
      eventsUrl = url;
    },
    async given(line) {
      const words = [...line.matchAll(/"([^"]*)"|\S+/g)].map((match) => match[1] ?? match[0]);
      let said = '';
      const write = (text: string) => {
        said += text;
      };
      const code = await runTerminal(
        runner,
        staff('admin'),
        [...words, '--reason', 'a test needs it', '--yes'],
        { write, writeError: write, ask: null },
      );
      if (code !== 0) throw new Error(`given “${line}” ended with ${code}: ${said}`);
    },
    another: (started) => process(started?.isSlackAway),
  };
}

/** Ids differ from run to run; what people read around them does not. */
export function withoutIds(text: string): string {
  return text.replace(/\b(cor|run|led|lot|cust)_[0-9a-z]{26}\b/g, '$1_…');
}

/** What a person sees last in a channel, once it says this; answers follow their acknowledgement. */
export async function seen(
  world: { slack: LocalSlack },
  handle: string,
  channel: string,
  text: string,
): Promise<SeenMessage> {
  const person = world.slack.as(handle);
  return world.slack.waitFor(
    () => {
      const last = person.messages(channel).at(-1);
      return last?.reads.includes(text) ? last : null;
    },
    { timeoutMs: 20_000 },
  );
}
