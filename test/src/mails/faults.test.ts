import { expect, test } from 'vitest';
import type { SmtpFault } from '#sandbox/mail/smtp-faults.ts';
import { createSmtpGateway } from '#src/gateways/smtp.ts';
import { deliverMails } from '#src/mails/deliver.ts';
import { mailHealth } from '#src/mails/health.ts';
import { type DunningWorld, dunningWorld } from '#test/world/dunning-world.ts';

const MINUTE_MS = 60_000;

async function findings(world: DunningWorld) {
  return world.database.knex('findings').where({ kind: 'mail_undelivered', state: 'open' }).orderBy('id');
}

test.each<[string, SmtpFault]>([
  ['at the sender', { at: 'MAIL FROM', code: 451 }],
  ['at the address', { at: 'RCPT TO', code: 450 }],
  ['after the words', { at: 'DATA', code: 452 }],
])('“later” %s: sent a little later, once', async (_where, fault) => {
  const world = await dunningWorld();
  await world.fails();
  world.mailbox.faults.next(fault);

  expect(await world.post()).toEqual([]);
  expect(await world.states()).toEqual(['start pending']);
  await world.after(MINUTE_MS);
  expect(await world.post()).toHaveLength(1);
  expect(await findings(world)).toEqual([]);
});

test.each<[string, SmtpFault]>([
  ['at the address', { at: 'RCPT TO', code: 550 }],
  ['after the words', { at: 'DATA', code: 554 }],
])('“never” %s: given up, and billing is told', async (_where, fault) => {
  const world = await dunningWorld();
  await world.fails();
  world.mailbox.faults.next(fault);

  expect(await world.post()).toEqual([]);
  await world.after(60 * MINUTE_MS);
  expect(await world.post()).toEqual([]);
  expect(await world.states()).toEqual(['start dead']);
  expect(await findings(world)).toMatchObject([
    { summary: expect.stringContaining('The mail to sofia@firm.com about a failed payment (start)') },
  ]);
  // The server repeats the address; the log does not.
  expect(JSON.stringify(world.logs.filter(({ event }) => event === 'mail_dead'))).not.toContain('@firm.com');
});

test('the server is away: mails wait, health and on-call hear of it, and all is well afterwards', async () => {
  const world = await dunningWorld();
  const { mail } = world.mails;
  if (mail)
    world.mails.mail = { ...mail, gateway: createSmtpGateway('smtp://127.0.0.1:9', { timeoutMs: 500 }) };
  await world.fails();
  for (let tries = 0; tries < 4; tries++) {
    expect(await world.post()).toEqual([]);
    await world.after(6 * MINUTE_MS);
  }
  expect(await mailHealth(world.database.knex, world.mails.state)).toMatchObject({ state: 'degraded' });
  expect(await findings(world)).toMatchObject([
    { subject: 'mail-server', summary: 'Mails to customers wait: the mail server takes none of them.' },
  ]);

  world.mails.mail = mail;
  expect(await world.post()).toHaveLength(1);
  expect(await mailHealth(world.database.knex, world.mails.state)).toMatchObject({ state: 'ok' });
  expect(await findings(world)).toEqual([]);
});

test('a refused login is our own fault: the mail waits', async () => {
  const world = await dunningWorld({ login: { user: 'lucy', pass: 'secret' } });
  const { mail } = world.mails;
  const wrong = world.mailbox.smtpUrl.replace('secret', 'guess');
  if (mail) world.mails.mail = { ...mail, gateway: createSmtpGateway(wrong, { timeoutMs: 2_000 }) };
  await world.fails();
  expect(await world.post()).toEqual([]);
  expect(await world.states()).toEqual(['start pending']);
  expect((await mailHealth(world.database.knex, world.mails.state)).detail).toContain('login');

  world.mails.mail = mail;
  await world.after(MINUTE_MS);
  expect(await world.post()).toHaveLength(1);
});

test.each([true, false])(
  'silence after the words (kept: %s): never sent again, and billing is told',
  async (isKept) => {
    const world = await dunningWorld({ timeoutMs: 400 });
    await world.fails();
    world.mailbox.faults.next({ at: 'silence after DATA', isKept });

    expect(await world.post()).toHaveLength(isKept ? 1 : 0);
    await world.after(60 * MINUTE_MS);
    expect(await world.post()).toEqual([]);
    expect(await world.states()).toEqual(['start unsure']);
    expect(await findings(world)).toMatchObject([{ summary: expect.stringContaining('nobody knows') }]);
  },
);

test('a connection that breaks in the middle of the words leaves it open, too', async () => {
  const world = await dunningWorld();
  await world.fails();
  world.mailbox.faults.next({ at: 'hang-up in DATA' });

  await world.post();
  expect(await world.states()).toEqual(['start unsure']);
});

test.each(['mail about to be sent', 'mail sent'] as const)(
  'the process ends at “%s”: the next one does not send it again',
  async (place) => {
    const world = await dunningWorld();
    await world.fails();
    const reached = Promise.withResolvers<void>();
    const dying = {
      ...world.mails,
      crashPoint: (name: string) => {
        if (name !== place) return Promise.resolve();
        reached.resolve();
        return new Promise<void>(() => {});
      },
    };
    void deliverMails(dying);
    await reached.promise;
    const arrived = place === 'mail sent' ? 1 : 0;

    expect(await world.post()).toEqual([]);
    await world.after(6 * MINUTE_MS);
    await world.post();
    expect(world.mailbox.mails()).toHaveLength(arrived);
    expect(await world.states()).toEqual(['start unsure']);
  },
);

test('two processes look at once: one mail', async () => {
  const world = await dunningWorld();
  await world.fails();

  await Promise.all([deliverMails(world.mails), deliverMails(world.mails), deliverMails(world.mails)]);
  expect(world.mailbox.mails()).toHaveLength(1);
});

test('a mail that could not leave for three days is given up', async () => {
  const world = await dunningWorld();
  await world.fails();
  await world.database.knex('grace_periods').update({ deadline_at: world.clock.now() + 13 * 24 * 3_600_000 });
  world.clock.advance(3 * 24 * 3_600_000 + 1);
  world.mailbox.faults.next({ at: 'DATA', code: 451 });

  await world.post();
  expect(await world.states()).toEqual(['start dead']);
});
