import { expect, test } from 'vitest';
import type { Reply } from '#src/replies/reply.ts';
import { followRunbooks } from '#src/runbooks/follow.ts';
import { dunningWorld } from '#test/world/dunning-world.ts';
import { idIn } from '#test/world/sofia-world.ts';

/** Sofia at the local Stripe, and a runbook that Sam works through for her. */
async function workedWorld(runbook: string) {
  const world = await dunningWorld();
  world.clock.advance(60_000);
  const started = await world.lucy(`runbook start ${runbook} sofia@firm.com --yes`);
  const id = idIn(started, 'rbk');
  const ticked = async (): Promise<Record<string, string | null>> => {
    world.clock.advance(3_000);
    await followRunbooks(world.runner);
    const steps = await world.database.knex('runbook_steps').where({ run_id: id }).orderBy('seq');
    return Object.fromEntries(steps.map((step) => [step.key, step.ticked_at === null ? null : step.note]));
  };
  return { ...world, ticked };
}

test('a failed payment: its grace and its mail tick what they are', async () => {
  const { fails, post, ticked } = await workedWorld('failed-payments');
  expect(await ticked()).toEqual({ status: null, portal: null, grace: null, mail: null });

  await fails();
  expect(await ticked()).toMatchObject({ grace: 'the grace is open', mail: null });
  await post();

  expect(await ticked()).toMatchObject({ status: null, portal: null, mail: 'the mail “start” left' });
});

test('a Stripe event that is handled after the start ticks its step; one before does not', async () => {
  const { fails, ticked } = await workedWorld('stripe-reconciliation');
  expect(await ticked()).toMatchObject({ handled: null });

  await fails();

  expect(await ticked()).toMatchObject({ handled: expect.stringMatching(/^evt_\w+: action /) });
});

test('webhooks that arrive again tick their step, though nobody’s name was given', async () => {
  const world = await dunningWorld();
  world.clock.advance(60_000);
  const id = idIn(await world.lucy('runbook start webhook-recovery --yes'), 'rbk');
  const step = async () => {
    await followRunbooks(world.runner);
    return world.database.knex('runbook_steps').where({ run_id: id, key: 'health' }).first();
  };
  expect(await step()).toMatchObject({ ticked_at: null });

  await world.fails();

  expect(await step()).toMatchObject({ ticked_by: 'evidence', note: 'a webhook came and was handled' });
});

test('an event that did not come through goes with an escalation, and with its request into Stripe’s form', async () => {
  const world = await dunningWorld();
  await world.fails();
  const event = await world.database.knex('stripe_events').where({ type: 'invoice.payment_failed' }).first();
  const payload = JSON.stringify({ ...JSON.parse(event.payload), request: { id: 'req_abc123' } });
  await world.database
    .knex('stripe_events')
    .where({ id: event.id })
    .update({ status: 'dead', error: 'no such price', payload });

  await world.lucy('escalate stripe_support sofia@firm.com --about "the renewal fails" --yes');

  const row: { payload: string } = await world.database
    .knex('outbox')
    .where('card_key', 'like', 'escalation:%')
    .first();
  const card: Reply = JSON.parse(row.payload);
  expect(JSON.stringify(card.sections)).toContain('invoice.payment_failed, dead: no such price');
  expect(card.buttons).toContainEqual({
    kind: 'command',
    label: 'First failed event',
    line: `webhook show ${event.id}`,
  });
  expect(card.paste).toContain(`Event: ${event.id} (invoice.payment_failed)`);
  expect(card.paste).toContain('Request: req_abc123');
});
