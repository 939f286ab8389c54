import { expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase } from '#db/connection.ts';
import { sealNext } from '#src/audit/seal.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { movingWorld } from '#test/world/moving-world.ts';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

const lived = [
  'customer add sofia@firm.com --stripe cus_Nff2x --reason "new account"',
  'customer add manual@firm.com --reason "new account, naïve ’typographic‘ name"',
  'credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812',
  'credits consume sofia@firm.com 30 --reason "used them"',
  'tier set sofia@firm.com pro --reason "upgrade is late"',
  'subscription set manual@firm.com --type monthly --status active --reason "pays by invoice"',
  'customer lock manual@firm.com --reason "suspected fraud"',
  'incident declare "checkout is down"',
  'incident note "rolled back to 1.4"',
  'incident update "We are looking into it." --state investigating',
  'runbook start webhook-recovery',
  'escalate data_platform sofia@firm.com --about "credits twice" --ticket ZD-813 --reason "credits twice"',
];

/** Without a database's own numbers of days and seconds, which stand still on the tests' clock anyhow. */
const asked = [
  'customer show sofia@firm.com --json',
  'customer show manual@firm.com --json',
  'customer timeline sofia@firm.com',
  'customer diagnose sofia@firm.com',
  'credits show sofia@firm.com --json',
  'credits audit sofia@firm.com',
  'subscription show manual@firm.com',
  'incident list',
  'incident status',
  'audit search',
  'audit verify',
  'approval list',
  'runbook list',
  'escalation list',
  'webhook failed',
  'reconcile list',
  'release list',
  'trace ZD-812',
];

async function answersOf(database: Database, url: string): Promise<Record<string, string>> {
  const world = await terminalWorld({ given: { database, url } });
  const answers: Record<string, string> = {};
  for (const line of asked) {
    const { code, out, err } = await world.lucy(line);
    // An id of this very question is new each time.
    answers[line] = `${code}\n${out}${err}`.replace(/cor_[0-9a-z]+/g, 'cor_…');
  }
  return answers;
}

test.skipIf(testEngine === 'sqlite')(
  'an installation with a life behind it answers every question after the move as before it, and goes on',
  async () => {
    const moving = await movingWorld();
    const { database, url } = moving.source;
    const before = await terminalWorld({ given: moving.source });
    for (const line of lived) {
      const typed = await before.lucy(`${line} --yes`);
      expect(typed.code, `${line}: ${typed.err}`).toBe(0);
    }
    await sealNext({ database, clock: before.clock });
    const answersBefore = await answersOf(database, url);

    const moved = await moving.copy();

    expect(moved.code, moved.err).toBe(0);
    expect(moved.out).toContain('Copied and verified');
    const target = openDatabase(moving.targetUrl);
    onTestFinished(() => target.close());
    const answersAfter = await answersOf(target, moving.targetUrl);
    // These two show the row that tells of the move itself.
    for (const line of ['audit search', 'audit verify']) {
      expect(answersAfter[line]).not.toBe(answersBefore[line]);
      delete answersAfter[line];
      delete answersBefore[line];
    }
    expect(answersAfter).toEqual(answersBefore);

    const after = await terminalWorld({ given: { database: target, url: moving.targetUrl } });
    expect((await after.lucy('credits grant sofia@firm.com 5 --reason "goes on" --yes')).code).toBe(0);
    expect((await after.lucy('customer show sofia@firm.com --json')).json()).toMatchObject({
      credits: { balance: 75 },
    });
    await sealNext({ database: target, clock: after.clock });
    expect((await after.lucy('audit verify')).out).toContain('The audit is as it was written');
    // What refuses to rewrite history does so here, too.
    await expect(target.knex('audit_events').update({ reason: 'x' })).rejects.toThrow('append-only');
    await expect(target.knex('credit_entries').delete()).rejects.toThrow('append-only');
    expect((await after.lucy('whoami', staff('support'))).code).toBe(0);
  },
  120_000,
);
