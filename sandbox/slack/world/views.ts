import { bot, workspace } from '#sandbox/cast.ts';
import { fillBlocks, withTextDefaults } from '../block-kit/fill-defaults.ts';
import { isRecord, type Json, recordsAt, textAt } from '../json.ts';
import type { ShownView, View } from './view.ts';
import type { World } from './world.ts';

/** 3 views per stack, the root included (slack-facts section 5). */
export const maxStack = 3;

/** A new view on someone's screen; the caller puts it where it belongs. */
export function makeShownView(world: World, source: Json, owner: string): ShownView {
  const id = world.sequence.id('V');
  const view: View = {
    id,
    team_id: world.people.get(owner)?.flags.team_id ?? workspace.teamId,
    type: source.type === 'home' ? 'home' : 'modal',
    ...contentOf(world, source),
    previous_view_id: null,
    root_view_id: id,
    app_id: workspace.appId,
    app_installed_team_id: workspace.teamId,
    bot_id: bot.botId,
  };
  return { view, owner, values: {}, errors: {}, isPending: false };
}

/** Opens a modal over whatever was open. */
export function openModal(world: World, source: Json, owner: string): ShownView {
  const shown = makeShownView(world, source, owner);
  world.modals.set(owner, [shown]);
  world.changed();
  return shown;
}

/** Puts a view on top of the stack. The caller has looked at the limit. */
export function pushModal(world: World, source: Json, owner: string): ShownView {
  const stack = world.modals.get(owner) ?? [];
  const shown = makeShownView(world, source, owner);
  shown.view.previous_view_id = stack.at(-1)?.view.id ?? null;
  shown.view.root_view_id = stack[0]?.view.id ?? shown.view.id;
  world.modals.set(owner, [...stack, shown]);
  world.changed();
  return shown;
}

/** Same id, new content and hash. What was typed stays where block_id and action_id stay. */
export function replaceView(world: World, shown: ShownView, source: Json): void {
  Object.assign(shown.view, contentOf(world, source));
  const kept = Object.entries(shown.values).filter(([blockId]) =>
    shown.view.blocks.some((block) => block.block_id === blockId),
  );
  shown.values = Object.fromEntries(kept);
  shown.errors = {};
  world.changed();
}

export function publishHome(world: World, source: Json, owner: string): ShownView {
  const present = world.homes.get(owner);
  if (present) {
    replaceView(world, present, source);
    return present;
  }
  const shown = makeShownView(world, source, owner);
  world.homes.set(owner, shown);
  world.changed();
  return shown;
}

export function shownViews(world: World): ShownView[] {
  return [...[...world.modals.values()].flat(), ...world.homes.values()];
}

export function findView(world: World, id: string): ShownView | undefined {
  return shownViews(world).find((shown) => shown.view.id === id);
}

/** Takes a view, and whatever lies on top of it, off the screen. */
export function removeView(world: World, shown: ShownView): void {
  const stack = world.modals.get(shown.owner) ?? [];
  const index = stack.indexOf(shown);
  if (index >= 0) setStack(world, shown.owner, stack.slice(0, index));
}

export function setStack(world: World, owner: string, stack: ShownView[]): void {
  if (stack.length > 0) world.modals.set(owner, stack);
  else world.modals.delete(owner);
  world.changed();
}

function contentOf(world: World, source: Json) {
  const text = (key: string): Json | null => {
    const filled = withTextDefaults(source[key] ?? null);
    return isRecord(filled) ? filled : null;
  };
  return {
    blocks: fillBlocks(recordsAt(source, 'blocks'), () => world.sequence.tail('block').slice(0, 5)),
    private_metadata: textAt(source, 'private_metadata'),
    callback_id: textAt(source, 'callback_id'),
    hash: `${world.sequence.seconds()}.${world.sequence.tail('hash').slice(0, 8)}`,
    title: text('title'),
    close: text('close'),
    submit: text('submit'),
    clear_on_close: source.clear_on_close === true,
    notify_on_close: source.notify_on_close === true,
    external_id: textAt(source, 'external_id'),
  };
}
