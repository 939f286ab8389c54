import { expect, test } from 'vitest';
import { callbacks } from '#src/slack/forms/form-view.ts';
import { bookkeeping, changedTables, fingerprint } from '#test/world/fingerprint.ts';
import { closedModals, modals } from './expected.ts';
import { onThisEngine } from './on-this-engine.ts';
import { members, type SlackKind, slackKinds } from './principals.ts';
import { samsThings } from './sams-things.ts';
import { isDefect, type MatrixWorld, matrixWorld, place } from './slack-matrix.ts';

type Callback = (typeof callbacks)[keyof typeof callbacks];

/** What each modal points to: something of Sam's that nobody has touched yet. */
async function pointerOf(world: MatrixWorld, callback: Callback): Promise<string> {
  const sams = samsThings(world.runner);
  switch (callback) {
    case callbacks.form:
      return draftOf(world);
    case callbacks.timeline:
      return sams.draft('incident note', {
        text: 'checkout hangs',
        link: 'https://slack.com/archives/C1/p1',
      });
    case callbacks.ask:
      return sams.draft('help', {});
    case callbacks.confirm:
    case callbacks.shown:
      return sams.planned();
    case callbacks.deny:
      return (await sams.asked()).pointer;
  }
}

/** Sam opened a form and left it open. */
async function draftOf(world: MatrixWorld): Promise<string> {
  const sam = world.slack.as(members['the requester'].id);
  await sam.say(place.name, '/lucy credits grant sofia@firm.com');
  return String(sam.modal()?.view.private_metadata);
}

/** Enough for every form: a field that a form does not have is not read. */
const values = {
  'input:email': { value: { type: 'plain_text_input', value: 'sofia@firm.com' } },
  'input:count': { value: { type: 'plain_text_input', value: '5' } },
  'input:line': { value: { type: 'plain_text_input', value: 'whoami' } },
  'input:reason': { value: { type: 'plain_text_input', value: 'lost upload' } },
};

/** Sends or closes a modal of Sam's in the name of somebody, and says what that changed. */
async function attempt(
  world: MatrixWorld,
  kind: SlackKind,
  callback: Callback,
  type: 'view_submission' | 'view_closed',
) {
  const pointer = await pointerOf(world, callback);
  world.clock.advance(5_000);
  await world.slack.settled();
  const before = await fingerprint(world.database);
  const view = {
    id: 'V0MATRIX01',
    type: 'modal',
    callback_id: callback,
    private_metadata: pointer,
    hash: 'matrix',
    state: { values },
  };
  const { status, body } = await world.interact(kind, { type, view });
  // What is closed is answered before it is done.
  if (type === 'view_closed') await world.slack.settled();
  return {
    status,
    body,
    changed: changedTables(before, await fingerprint(world.database), bookkeeping),
  };
}

test.each(onThisEngine(slackKinds, ['the requester', 'billing']))(
  'every modal of Sam’s that %s sends or closes does what is declared, and sending answers',
  async (kind) => {
    const world = await matrixWorld();
    const wrong: string[] = [];

    for (const callback of Object.values(callbacks)) {
      const sent = await attempt(world, kind, callback, 'view_submission');
      const maySend = modals[callback]?.includes(kind) ?? false;
      if (maySend !== sent.changed.length > 0) wrong.push(`${callback} changed [${sent.changed.join(', ')}]`);
      if (sent.status !== 200 || !sent.body.includes('response_action') || isDefect(sent.body))
        wrong.push(`${callback} was answered ${sent.status}: ${sent.body}`);
      if (!maySend && /sofia/i.test(sent.body)) wrong.push(`${callback} named the customer: ${sent.body}`);

      const closed = await attempt(world, kind, callback, 'view_closed');
      const mayClose = closedModals[callback]?.includes(kind) ?? false;
      if (mayClose !== closed.changed.length > 0)
        wrong.push(`closing ${callback} changed [${closed.changed.join(', ')}]`);
      if (closed.status !== 200) wrong.push(`closing ${callback} was answered ${closed.status}`);
    }

    expect(wrong).toEqual([]);
  },
);
