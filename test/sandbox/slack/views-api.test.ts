import { afterAll, beforeAll, expect, test } from 'vitest';
import { plain, section } from './block-samples.ts';
import { refusalOf, startBoth } from './bolt-side.ts';

let both: Awaited<ReturnType<typeof startBoth>>;
let now = Date.now();

const modal = (more: Record<string, unknown> = {}) => ({
  type: 'modal',
  title: plain('A modal'),
  blocks: [section()],
  ...more,
});
const input = { type: 'input', label: plain('Name'), element: { type: 'plain_text_input', action_id: 'v' } };

beforeAll(async () => {
  both = await startBoth({ now: () => now });
  both.app.command('/lucy', ({ ack }) => ack());
});

afterAll(() => both.close());

async function newTrigger(): Promise<string> {
  await both.slack.as('sam').say('support', '/lucy');
  return new URLSearchParams(both.slack.deliveries.at(-1)?.rawBody).get('trigger_id') ?? '';
}

const call = (method: string, args: Record<string, unknown>) => both.app.client.apiCall(method, args);
const open = (trigger: string, view: unknown = modal()) => call('views.open', { trigger_id: trigger, view });

test('a trigger works once and for three seconds', async () => {
  const trigger = await newTrigger();
  now += 3000;
  await open(trigger);
  expect(await refusalOf(open(trigger))).toMatchObject({ error: 'exchanged_trigger_id' });
  const late = await newTrigger();
  now += 3001;
  expect(await refusalOf(open(late))).toMatchObject({ error: 'expired_trigger_id' });
  expect(await refusalOf(open('1.2.x'))).toMatchObject({ error: 'invalid_trigger_id' });
});

test('views.update knows stale hashes, external ids and closed views', async () => {
  const sam = both.slack.as('sam');
  await open(await newTrigger(), modal({ external_id: 'grant-1' }));
  const { viewId = '', view } = sam.modal() ?? {};
  const update = (args: Record<string, unknown>) => call('views.update', { view: modal(), ...args });
  expect(await refusalOf(update({ view_id: viewId, hash: '1.stale' }))).toMatchObject({
    error: 'hash_conflict',
  });
  await update({ external_id: 'grant-1', hash: view?.hash, view: modal({ title: plain('Second') }) });
  expect(sam.modal()).toMatchObject({ viewId, title: 'Second' });
  await sam.closeModal();
  expect(await refusalOf(update({ view_id: viewId }))).toMatchObject({ error: 'view_not_found' });
});

test('views.push needs a trigger from inside the modal', async () => {
  expect(
    await refusalOf(call('views.push', { trigger_id: await newTrigger(), view: modal() })),
  ).toMatchObject({
    error: 'invalid_trigger_id',
  });
});

test('views.publish: one home per person, checked by its hash', async () => {
  const publish = (more: Record<string, unknown> = {}) =>
    call('views.publish', { user_id: 'U0BEA00001', view: { type: 'home', blocks: [section()] }, ...more });
  await publish();
  const first = both.slack.as('bea').home()?.view;
  await publish({ hash: first?.hash });
  expect(both.slack.as('bea').home()?.view.id).toBe(first?.id);
  expect(await refusalOf(publish({ hash: first?.hash }))).toMatchObject({ error: 'hash_conflict' });
  expect(await refusalOf(publish({ user_id: 'U0NOBODY' }))).toMatchObject({ error: 'user_not_found' });
  expect(await refusalOf(publish({ view: modal() }))).toMatchObject({ error: 'invalid_arguments' });
});

test('Slack names what is wrong with a view, and keeps the trigger for another try', async () => {
  const trigger = await newTrigger();
  const errorsOf = async (more: Record<string, unknown>) =>
    (await refusalOf(open(trigger, modal(more)))).errors;
  expect(await errorsOf({ blocks: [section(), input] })).toEqual([
    'must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]',
  ]);
  expect(await errorsOf({ title: plain('A title that is far too long'), color: 'red' })).toEqual([
    'failed to match all allowed schemas [json-pointer:/view]',
    'must be less than 25 characters [json-pointer:/view/title/text]',
    'invalid additional property: color [json-pointer:/view]',
  ]);
  expect(await refusalOf(open(trigger, modal({ private_metadata: 'x'.repeat(250_000) })))).toMatchObject({
    error: 'view_too_large',
  });
  await open(trigger);
});
