import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyDatabaseUrl } from '#test/world/empty-database.ts';
import { rounds, tellFigure } from '#test/world/figures.ts';
import { startFleet } from '#test/world/fleet.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { layOut, previousCommit } from '#test/world/previous-version.ts';
import { run } from '#test/world/processes.ts';
import { hasRedis, testRedis } from '#test/world/redis.ts';
import { grantingTo, spending } from '#test/world/spending.ts';
import { upgrading } from '#test/world/upgrades.ts';

const SLOW_MS = 600_000 * rounds(1);
const EACH = rounds(2);

const old =
  testEngine === 'postgres' && hasRedis ? previousCommit('F38: two versions on one database') : null;

test.skipIf(!old)(
  'F38: the version before the newest migration and this one work on one database, and nothing is lost or doubled',
  async () => {
    const home = await layOut(old ?? '');
    const fleet = await startFleet({
      redis: await testRedis(),
      databaseUrl: await emptyDatabaseUrl(),
      webs: 0,
      workers: 0,
    });
    const before = [await fleet.start('all', {}, home), await fleet.start('all', {}, home)];
    const [spender, ...others] = await fleet.addCustomers(1 + 3 * EACH);
    const email = spender?.email ?? '';
    expect(await run([join(home, 'src/cli.ts'), ...grantingTo(email)], fleet.env)).toMatchObject({
      code: 0,
    });
    const load = spending(fleet, email);
    const upgrades = upgrading(fleet, others);
    const upgradeEach = async () => {
      for (let count = 0; count < EACH; count++) await upgrades.upgrade();
      await load.more(4);
    };
    await upgradeEach();

    // docs/deploy.md, “Many processes, rolling”: migrate once, then one process after the other.
    const migrated = await fleet.terminal(['db', 'migrate']);
    expect(migrated).toMatchObject({ code: 0 });
    await load.more(4);
    await fleet.start('worker');
    await fleet.start('web');
    await upgradeEach();
    // An old one that would start by now is told that it is too old.
    await expect(fleet.start('all', {}, home)).rejects.toThrow('ended with 78');
    // However the old ones end: how they do is theirs, and what they leave undone is a row.
    const ended = Promise.all(before.map((member) => fleet.stop(member)));
    await upgradeEach();
    await ended;

    await load.end();
    const whole = await upgrades.settle(load.spent);
    expect(whole).toEqual({ lost: 0, doubled: 0, negative: 0, marked: 0 });
    for (const member of [...fleet.members]) expect(await fleet.stop(member)).toBe(0);
    tellFigure(
      'F38',
      `${old?.slice(0, 7)} and this version on one database, ${load.spent.size} spends, ${3 * EACH} upgrades, the migration in between`,
      '0 lost, 0 doubled, 0 negative',
    );
  },
  SLOW_MS,
);
