import { expect, test } from 'vitest';
import { insertResend } from '#db/webhook-resends.ts';
import { sendResends } from '#src/event-recovery/resend.ts';
import { billingWorld } from '#test/world/billing-world.ts';

test('two processes that look at the same moment ask Stripe once', async () => {
  const { deps, database, clock } = await billingWorld();
  await insertResend(database.knex, {
    run_id: 'run_1',
    event_id: 'evt_1',
    endpoint_id: 'we_1',
    requested_by: 'Sam',
    correlation_id: 'cor_1',
    state: 'queued',
    attempts: 0,
    next_attempt_at: clock.now(),
    error: null,
    created_at: clock.now(),
    ended_at: null,
  });
  const asked: string[] = [];
  const bothAreThere = Promise.withResolvers<void>();
  const webhooks = {
    ...deps.stripe.webhooks,
    async resendEvent(id: string) {
      asked.push(id);
      await bothAreThere.promise;
    },
  };
  const process = () => sendResends({ ...deps, stripe: { ...deps.stripe, webhooks } });

  const looks = Promise.all([process(), process()]);
  await expect.poll(() => asked.length).toBe(1);
  // The other has looked, found it taken, and gone.
  expect(await process()).toBe(0);
  bothAreThere.resolve();
  await looks;

  expect(asked).toEqual(['evt_1']);
  expect(await database.knex('webhook_resends').first()).toMatchObject({ state: 'sent' });
});
