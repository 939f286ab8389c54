import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { onTestFinished } from 'vitest';
import { people } from '#sandbox/cast.ts';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import { ok, type Seen } from '#src/health/probe.ts';
import { type HealthDeps, watchHealth } from '#src/health/watch.ts';
import { type SlackWorld, slackWorld } from './slack-world.ts';

export type HealthWorld = SlackWorld & {
  /** What the product, the host's status page and Lucy's own connections say from now on. */
  now: {
    product: number;
    indicator: string;
    incidents: { name: string; status: string }[];
    stripe: Seen;
    redis: Seen;
  };
  deps: HealthDeps;
  /** Lets the time of one look pass, and looks. */
  look(times?: number): Promise<void>;
};

/** A product and a host's status page on real sockets, and a rota of Olu and Ada. */
export async function healthWorld(
  options: { rota?: Settings['oncall']['rota']; people?: unknown } = {},
): Promise<HealthWorld> {
  const state: HealthWorld['now'] = {
    product: 200,
    indicator: 'none',
    incidents: [],
    stripe: ok('Stripe answers.'),
    redis: ok('Redis answers.'),
  };
  const server = createServer((request, response) => {
    if (request.url === '/api/v2/summary.json')
      return response.end(
        JSON.stringify({ status: { indicator: state.indicator }, incidents: state.incidents }),
      );
    response.writeHead(state.product).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const settings = settingsSchema.parse({
    roles: { oncall: { groups: ['S0ONCALL01'] }, admin: { members: [people.ada.id] } },
    people: options.people ?? {
      olu: { name: 'Olu', slack: people.olu.id, roles: ['oncall'] },
      ada: { name: 'Ada', slack: people.ada.id, roles: ['admin'] },
    },
    health: { product_url: `${base}/up`, host_status_page: base },
    oncall: {
      rota: options.rota ?? [
        { person: 'olu', phone: '+49 30 5550101' },
        { person: 'ada', phone: '+49 30 5550102' },
      ],
    },
  });
  const world = await slackWorld({ settings });
  const deps: HealthDeps = {
    database: world.database,
    settings,
    clock: world.clock,
    log: world.runner.log,
    stripe: null,
    folder: tmpdir(),
    parts: {
      slack: () => ok('Connected.'),
      stripe: () => state.stripe,
      mail: () => ok('Mails are sent.'),
      redis: () => state.redis,
    },
  };
  return {
    ...world,
    now: state,
    deps,
    async look(times = 1) {
      for (let done = 0; done < times; done++) {
        world.clock.advance(30_000);
        await watchHealth(deps);
      }
      await world.pumpAll();
    },
  };
}
