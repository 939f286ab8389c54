import { expect, test } from 'vitest';
import { z } from 'zod';
import type { WireEntry } from '#sandbox/slack/client-contract.ts';
import { type ActionKind, actionKinds } from '#src/slack/action-ids.ts';
import { bookkeeping, changedTables, fingerprint } from '#test/world/fingerprint.ts';
import { buttons } from './expected.ts';
import { onThisEngine } from './on-this-engine.ts';
import { members, type SlackKind, slackKinds } from './principals.ts';
import { samsThings } from './sams-things.ts';
import { asLucy, cardPlace, type MatrixWorld, matrixWorld } from './slack-matrix.ts';

/** Sam's things, one for each kind of button, so that what one click does never hides what the next one would. */
async function valuesOf(world: MatrixWorld): Promise<Record<ActionKind, string>> {
  const sams = samsThings(world.runner);
  const values = {
    confirm: await sams.planned(),
    cancel: await sams.planned(),
    run: 'credits grant sofia@firm.com 3 --reason "lost upload"',
    form: 'credits grant sofia@firm.com',
    menu: 'menu',
    share: 'customer show sofia@firm.com',
    receipt: await sams.done(),
    approve: (await sams.asked()).pointer,
    deny: (await sams.asked()).pointer,
    withdraw: (await sams.asked()).pointer,
  };
  // Long enough for the cards to have been read.
  world.clock.advance(5_000);
  return values;
}

/** A message of Lucy's with every kind of button about Sam's things, where everybody can press them. */
async function posted(world: MatrixWorld): Promise<{ channel: string; ts: string }> {
  const values = await valuesOf(world);
  const elements = actionKinds.map((kind) => ({
    type: 'button',
    action_id: `${kind}:0`,
    text: { type: 'plain_text', text: kind },
    value: values[kind],
  }));
  const { ts } = await asLucy(world, 'chat.postMessage', {
    channel: cardPlace,
    text: 'Everything about Sam’s things',
    blocks: [{ type: 'actions', elements }],
  });
  return { channel: cardPlace, ts: String(ts) };
}

const nothingDeclared: (typeof buttons)[string] = { changesFor: [], refusedFor: [] };

/** The words of a message or a modal, without its form. */
function wordsIn(request: string): string {
  return [...request.matchAll(/"text": "([^"]*)"/g)].map((match) => match[1]).join(' ');
}

/** Something that whoever pressed can see: Slack took an answer, a direct message or a modal. */
function isAnswer({ label, status, response }: WireEntry): boolean {
  if (label === 'response_url') return status === 200;
  return ['chat.postMessage', 'views.open'].includes(label) && /"ok": true/.test(response);
}

/** Presses, and waits for what comes back. */
async function answered(world: MatrixWorld, click: () => Promise<unknown>): Promise<WireEntry[]> {
  const heard: WireEntry[] = [];
  const stop = world.slack.onWire((entry) => void (isAnswer(entry) && heard.push(entry)));
  await click();
  await expect.poll(() => heard.length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(0);
  stop();
  return heard;
}

/** What a click changed, whether it was refused and written down, and what came back to whoever pressed it. */
async function press(world: MatrixWorld, kind: SlackKind, click: () => Promise<unknown>) {
  const before = await fingerprint(world.database);
  const refusalsBefore = await world.refusals(kind);
  const heard = await answered(world, click);
  return {
    changed: changedTables(before, await fingerprint(world.database), bookkeeping),
    isRefused: (await world.refusals(kind)) > refusalsBefore,
    heard: heard.map(({ request }) => wordsIn(request)).join(' '),
  };
}

test.each(onThisEngine(slackKinds, ['the requester', 'billing', 'admin']))(
  'every kind of button that %s presses on Sam’s things does what is declared, and answers',
  async (kind) => {
    const world = await matrixWorld();
    const at = await posted(world);
    const wrong: string[] = [];

    for (const button of actionKinds) {
      const { changed, isRefused, heard } = await press(world, kind, await clickOf(world, kind, at, button));
      const declared = buttons[button] ?? nothingDeclared;
      const mayChange = declared.changesFor.includes(kind);
      const mustRefuse = declared.refusedFor.includes(kind);
      if (mayChange !== changed.length > 0) wrong.push(`${button} changed [${changed.join(', ')}]: ${heard}`);
      if (mustRefuse !== isRefused)
        wrong.push(`${button} was ${isRefused ? '' : 'not '}refused and written down: ${heard}`);
      const mayRead = declared.readBy?.includes(kind) ?? !mustRefuse;
      if (!mayRead && /sofia/i.test(heard)) wrong.push(`${button} named the customer: ${heard}`);
    }

    expect(wrong).toEqual([]);
  },
);

/** Whom Slack does not know presses nothing in its client: theirs is Ada's click with another name. */
async function clickOf(
  world: MatrixWorld,
  kind: SlackKind,
  at: { channel: string; ts: string },
  button: ActionKind,
): Promise<() => Promise<unknown>> {
  if (kind !== 'unknown id') return () => world.slack.as(members[kind].id).click(at, `${button}:0`);
  await answered(world, () => world.slack.as(members.admin.id).click(at, 'menu:0'));
  const genuine = world.slack.deliveries.findLast((delivery) => delivery.kind === 'block_actions');
  const { user: _hers, trigger_id: _used, ...click } = payloadOf(genuine?.rawBody);
  const element = elementsAt(world, at).find(({ action_id: id }) => id === `${button}:0`);
  return () => world.interact(kind, { ...click, actions: [{ type: 'button', block_id: 'b', ...element }] });
}

function payloadOf(rawBody = ''): Record<string, unknown> {
  return JSON.parse(new URLSearchParams(rawBody).get('payload') ?? '{}');
}

const blockOfButtons = z.object({
  elements: z.array(z.object({ action_id: z.string(), value: z.string() })),
});

function elementsAt(world: MatrixWorld, { ts }: { ts: string }) {
  const message = world.slack.messages(cardPlace).find((candidate) => candidate.ts === ts);
  return blockOfButtons.parse(message?.blocks?.[0]).elements;
}
