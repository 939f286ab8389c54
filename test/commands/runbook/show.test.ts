import { expect, test } from 'vitest';
import { slackWorldWithSofia } from '#test/world/slack-grant.ts';
import { seen } from '#test/world/slack-world.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';

const NOT_FOUND = 5;

test('the list names every procedure of the playbook and the support runbook', async () => {
  const { lucy } = await sofiaWorld();

  const { out } = await lucy('runbook list');

  expect(out).toContain('There are 14 runbooks, and 0 being worked through.');
  for (const name of ['disputes', 'failed-payments', 'downtime', 'reset-tier', 'post-resolution'])
    expect(out).toContain(name);
});

test('a runbook reads as sentences with commands, filled with the customer and the ticket', async () => {
  const { lucy } = await sofiaWorld();

  const bare = await lucy('runbook show reset-tier');
  const filled = await lucy('runbook show reset-tier Sofia@firm.com --ticket ZD-812');

  expect(bare.out).toContain('Reset plan tier: The tier is wrong, and the subscription is right.');
  expect(bare.out).toContain('Support runbook, section 3');
  expect(bare.out).toContain('tier reset CUSTOMER\n');
  expect(filled.out).toContain('tier reset sofia@firm.com --ticket ZD-812');
});

test('where the written procedure is wrong, it says what Lucy does instead', async () => {
  const { lucy } = await sofiaWorld();

  const says = async (name: string) => (await lucy(`runbook show ${name}`)).out;

  expect(await says('stripe-reconciliation')).toContain('staging cannot mend production');
  expect(await says('disputes')).toContain('Stripe refuses that for a charge under formal dispute');
  expect(await says('escalation')).toContain('Lucy diagnoses these first');
});

test('what the reader may not run says for whom it is, and is no button', async () => {
  const world = await slackWorldWithSofia();
  const read = async (handle: 'sam' | 'bea') => {
    await world.slack.as(handle).say('support', '/lucy runbook show disputes sofia@firm.com');
    return (await seen(world, handle, 'support', 'Stripe subscription disputes')).reads;
  };

  const sam = await read('sam');
  const bea = await read('bea');

  expect(sam).toContain('dispute accept  (for billing and admin)');
  expect(sam).not.toContain('Dispute contest]');
  expect(bea).toContain('[4. Dispute contest]');
  expect(bea).not.toContain('(for ');
  // Contesting is for when the customer is wrong.
  expect(bea.split('4. Is the customer wrong?')[0]).not.toContain('dispute contest');
});

test('an event to handle again is found in the timeline, which is a button of that step', async () => {
  const { lucy } = await sofiaWorld();

  const { out } = await lucy('runbook show stripe-reconciliation sofia@firm.com');

  expect(out).toMatch(
    /2\. Find the most recent webhook events[\s\S]*customer timeline sofia@firm.com[\s\S]*webhook replay EVENT/,
  );
});

test('a slip of the finger gets the nearest runbook, and an unknown customer the usual hint', async () => {
  const { lucy } = await sofiaWorld();

  const slip = await lucy('runbook show dispute');
  const strange = await lucy('runbook show cooking');
  const nobody = await lucy('runbook show disputes nobody@firm.com');

  expect(slip.code).toBe(NOT_FOUND);
  expect(slip.err).toContain('Did you mean “disputes”?');
  expect(strange.err).toContain('runbook list');
  expect(nobody.err).toContain('There is no customer nobody@firm.com.');
});

test('in Slack the buttons are its commands: one opens the form, filled with what is known', async () => {
  const world = await slackWorldWithSofia();
  const sam = world.slack.as('sam');

  await sam.say('support', '/lucy runbook show reset-tier sofia@firm.com --ticket ZD-812');
  const shown = await seen(world, 'sam', 'support', 'Reset plan tier');
  await sam.click({ channel: 'support', ts: shown.ts }, '1. Tier set');
  const form = await world.slack.waitFor(() => sam.modal());

  expect(JSON.stringify(form.view)).toContain('"initial_value":"sofia@firm.com"');
  expect(JSON.stringify(form.view)).toContain('"initial_value":"ZD-812"');
});
