import { WEBHOOK_SECRET } from './webhooks.ts';

export const SLACK_SECRET = 'bench-signing-secret';
export const API_KEY = 'bench-key';

/** Lucy as she runs, with the local Slack; Stripe is away unless `stripeUrl` names one. */
export function lucyEnv(databaseUrl: string, slackUrl: string, stripeUrl = 'http://127.0.0.1:9') {
  return {
    DATABASE_URL: databaseUrl,
    PORT: '0',
    HOST: '127.0.0.1',
    SLACK_BOT_TOKEN: 'xoxb-bench',
    SLACK_SIGNING_SECRET: SLACK_SECRET,
    SLACK_API_URL: slackUrl,
    STRIPE_API_BASE: stripeUrl,
    STRIPE_SECRET_KEY: 'sk_test_bench',
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    LUCY_API_KEYS: `product:${API_KEY}`,
  };
}
