import { people } from '#sandbox/cast.ts';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import { carryRooms } from '#src/incidents/rooms/carry-rooms.ts';
import type { SlackSurface } from '#src/slack/create-surface.ts';
import { castSettings, type SlackWorld, slackWorld } from './slack-world.ts';

export type RoomsWorld = SlackWorld & {
  /** Rooms and messages come to where their rows say, as the jobs of a process do it. */
  work(surface?: SlackSurface): Promise<void>;
  /** One look at the rooms. */
  look(surface?: SlackSurface): Promise<number>;
  /** What a person does without a form: a slash command, confirmed where it asks. */
  does(handle: string, line: string, channel?: string): Promise<void>;
};

/** The cast with a rota: Olu is called first. */
export const roomSettings: Settings = settingsSchema.parse({
  ...castSettings,
  people: {
    olu: { name: 'Olu', slack: people.olu.id },
    ada: { name: 'Ada', slack: people.ada.id },
  },
  oncall: { rota: [{ person: 'olu' }, { person: 'ada' }] },
});

/** Slack with the rooms of incidents. */
export async function roomsWorld(options: Parameters<typeof slackWorld>[0] = {}): Promise<RoomsWorld> {
  const world = await slackWorld({ settings: roomSettings, ...options });
  const { database, runner, clock } = world;
  const look = (surface = world.surface) =>
    carryRooms({ database, settings: runner.settings, clock, log: runner.log, rooms: surface.rooms });
  return {
    ...world,
    look,
    async work(surface) {
      for (let turn = 0; turn < 4; turn++) {
        await look(surface);
        await world.pumpAll();
        clock.advance(4_000);
      }
      await world.slack.settled();
    },
    async does(handle, line, channel = 'lucy-oncall') {
      const person = world.slack.as(handle);
      await person.say(channel, `/lucy ${line}`);
      await world.slack.settled();
      const last = person.lastMessage(channel);
      const confirm = JSON.stringify(last.blocks ?? []).match(/"action_id":"(confirm:\d+)"/)?.[1];
      if (confirm) await person.click(last, confirm);
      // The answer takes the place of the preview.
      await world.slack.waitFor(
        () => {
          const shown = person.messages(channel).find(({ ts }) => ts === last.ts);
          return !shown || !/Working on it|\[Cancel\]/.test(shown.reads);
        },
        { timeoutMs: 8_000 },
      );
      await world.slack.settled();
    },
  };
}
