import { z } from 'zod';
import { whereOfTelemetry } from './config-telemetry.ts';

export type ConfigProblem = { name: string; problem: string; where: string };

const where = {
  SLACK_BOT_TOKEN: 'api.slack.com/apps → your app → OAuth & Permissions → Bot User OAuth Token',
  SLACK_SIGNING_SECRET: 'api.slack.com/apps → your app → Basic Information → Signing Secret',
  SLACK_APP_TOKEN: 'api.slack.com/apps → your app → Basic Information → App-Level Tokens (connections:write)',
  STRIPE_SECRET_KEY: 'dashboard.stripe.com → Developers → API keys (a restricted key is best)',
  STRIPE_WEBHOOK_SECRET: 'dashboard.stripe.com → Developers → Webhooks → your endpoint → Signing secret',
  DATABASE_URL: 'sqlite:relative/path, sqlite:/absolute/path, postgres://… or postgresql://…',
  REDIS_URL:
    'redis://[user:password@]host:6379[/number], or rediss://… with TLS; leave it unset for one machine without Redis',
  SLACK_API_URL: 'leave it unset for slack.com',
  STRIPE_API_BASE: 'leave it unset for api.stripe.com',
  PUBLIC_URL: 'the address at which people reach this service',
  SMTP_URL: 'your mail provider: smtp://user:password@host:587 or smtps://…:465; leave it unset for no mails',
  MAIL_FROM: 'an address that your mail provider lets you send from, such as Acme <billing@acme.example>',
  ...whereOfTelemetry,
  PORT: 'a number from 0 to 65535; 3000 when unset',
  LOG_LEVEL: 'trace, debug, info, warn, error or silent; info when unset',
} as const;

type Name = keyof typeof where;

export type Env = Record<string, string | undefined>;

const httpUrl = z.url({ protocol: /^https?$/ });

/** Reads one variable at a time, and keeps what is wrong with each. */
export function readerOf(env: Env) {
  const problems: ConfigProblem[] = [];
  const problem = (name: Name, text: string) =>
    void problems.push({ name, problem: text, where: where[name] });
  const text = (name: string): string | null => env[name]?.trim() || null;
  return {
    problems,
    problem,
    text,
    list: (name: Name) =>
      (text(name) ?? '')
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    prefixed(name: Name, prefixes: string[], { isRequired = true } = {}): string | null {
      const value = text(name);
      if (!value && isRequired) problem(name, 'is missing');
      if (value && !prefixes.some((prefix) => value.startsWith(prefix)))
        problem(name, `must start with ${prefixes.join(' or ')}`);
      return value;
    },
    url(name: Name): string | null {
      const value = text(name);
      if (value && !httpUrl.safeParse(value).success) problem(name, 'is not an http or https address');
      return value;
    },
    port(name: Name, fallback: number): number {
      const value = text(name);
      if (value && !(/^\d{1,5}$/.test(value) && Number(value) <= 65_535))
        problem(name, 'is not a port number');
      return value ? Number(value) : fallback;
    },
    oneOf(name: Name, allowed: string[]): string | null {
      const value = text(name);
      if (value && !allowed.includes(value)) problem(name, `must be one of ${allowed.join(', ')}`);
      return value;
    },
  };
}
