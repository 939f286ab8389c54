import { createServer } from 'node:http';
import bolt from '@slack/bolt';
import type { LocalSlackOptions } from '#sandbox/slack/local-slack.ts';
import { startLocalSlack } from '#sandbox/slack/start-local-slack.ts';

export const signingSecret = 'sandbox-signing-secret';
export const botToken = 'xoxb-sandbox-bot-token';
export const appToken = 'xapp-sandbox-app-token';

export const quiet: bolt.Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => bolt.LogLevel.ERROR,
  setName() {},
};

/** A real Bolt app over HTTP and the local Slack, tied to each other. */
export async function startBoth(options: Partial<LocalSlackOptions> = {}) {
  const receiver = new bolt.HTTPReceiver({ signingSecret, logger: quiet });
  const server = createServer((request, response) => receiver.requestListener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const slack = await startLocalSlack({
    signingSecret,
    botToken,
    eventsUrl: () => `http://127.0.0.1:${port}/slack/events`,
    ...options,
  });
  const app = new bolt.App({
    token: botToken,
    receiver,
    logger: quiet,
    deferInitialization: true,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
  });
  await app.init();
  return {
    slack,
    app,
    async close() {
      await slack.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** The Slack error of a refused Web API call: `{ error, errors, … }`. */
export async function refusalOf(call: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'data' in error) return Object(error.data);
    throw error;
  }
  throw new Error('Slack did not refuse the call.');
}
