import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { inTransaction } from '#db/transaction.ts';
import type { Settings } from '#src/core/settings.ts';
import { terminalActor } from '#src/policy/people.ts';
import { carryRollback, type RollbackDeps } from '#src/releases/carry-rollback.ts';
import { reportRelease } from '#src/releases/report.ts';
import { endRollbackRun } from '#src/runner/end-rollback-run.ts';
import { raceSettings } from './race-settings.ts';
import { type TerminalWorld, type Typed, terminalWorld } from './terminal-world.ts';
import { testCause } from './test-cause.ts';

const secret = 'a-secret-of-the-hook';

type Asked = { body: Record<string, unknown>; key: string | undefined; isSigned: boolean };

export type ReleaseWorld = TerminalWorld & {
  hook: { status: number; asked: Asked[]; whenAsked?: () => void };
  deps: RollbackDeps;
  as(user: string, line: string): Promise<Typed>;
  /** CI says what it deployed. */
  deployed(version: string): Promise<void>;
  carry(): Promise<number>;
};

/** A deploy hook on a real socket that checks the signature, and everybody of the cast with a login. */
export async function releaseWorld(options: { hasHook?: boolean } = {}): Promise<ReleaseWorld> {
  const hook: ReleaseWorld['hook'] = { status: 202, asked: [] };
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      const header = String(request.headers['x-lucy-signature']);
      const [, at = '', v1 = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
      const isSigned = createHmac('sha256', secret).update(`${at}.${text}`).digest('hex') === v1;
      const key = request.headers['idempotency-key'];
      hook.asked.push({ body: JSON.parse(text), key: typeof key === 'string' ? key : undefined, isSigned });
      hook.whenAsked?.();
      response.writeHead(hook.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hook`;
  const settings: Settings = {
    ...raceSettings,
    releases: { ...raceSettings.releases, ...(options.hasHook === false ? {} : { deploy_hook: url }) },
  };
  const world = await terminalWorld({ settings });
  const { database, clock, runner } = world;
  const deps: RollbackDeps = {
    database,
    settings,
    clock,
    log: runner.log,
    hookSecret: secret,
    onEnd: (sql, cause, rollback, end) => endRollbackRun(sql, settings, cause, rollback, end),
  };
  let count = 0;
  return {
    ...world,
    hook,
    deps,
    as: (user, line) => world.lucy(`${line} --yes`, terminalActor(settings, user)),
    async deployed(version) {
      const report = { releaseId: `ci-${++count}`, version, url: null, deployedAt: clock.now() };
      await inTransaction(database, (sql) => reportRelease(sql, testCause(clock.now()), report));
    },
    carry: () => carryRollback(deps),
  };
}
