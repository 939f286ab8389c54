import { commands } from '#commands/index.ts';
import type { SlackWorld } from '#test/world/slack-world.ts';
import { slackSecrets, slackWorld } from '#test/world/slack-world.ts';
import { matrixSettings, members, populate, type SlackKind } from './principals.ts';

export const place = { id: 'C0SUPPORT1', name: 'support' };
export const cardPlace = 'C0APPROVE1';

/** What came back to a request that was signed and made by hand. */
export type Answered = { status: number | null; body: string };

export type MatrixWorld = SlackWorld & {
  /** Types a slash command as this member, whatever Slack's own client would let them do. */
  slash(kind: SlackKind, text: string): Promise<Answered>;
  /** Sends an interaction in the name of this member. */
  interact(kind: SlackKind, payload: Record<string, unknown>): Promise<Answered>;
  /** How many attempts of this member were refused and written down. */
  refusals(kind: SlackKind): Promise<number>;
};

/** Lucy with everybody of `principals.ts` in the local Slack, and Sofia as a customer. */
export async function matrixWorld(): Promise<MatrixWorld> {
  const world = await slackWorld({ settings: matrixSettings });
  await populate(world.slack);
  await world.given('customer add sofia@firm.com');
  await world.slack.settled();
  let trigger = 0;
  const send = async (body: string): Promise<Answered> => {
    const { response } = await world.slack.signedRequest({ body });
    return { status: response?.status ?? null, body: response?.body ?? '' };
  };
  return {
    ...world,
    async slash(kind, text) {
      const body = new URLSearchParams({
        command: '/lucy',
        text,
        user_id: members[kind].id,
        team_id: members[kind].teamId,
        channel_id: place.id,
        channel_name: place.name,
        trigger_id: `matrix.slash.${++trigger}`,
      }).toString();
      let answered = await send(body);
      // The very same request again gets the first one's answer, however long that took.
      while (answered.body.startsWith('Working on') || answered.body.includes('already taken'))
        answered = await send(body);
      return answered;
    },
    interact(kind, payload) {
      const { id, teamId } = members[kind];
      const whole = {
        user: { id, team_id: teamId, username: id, name: id },
        team: { id: teamId },
        api_app_id: 'A0LUCY0001',
        trigger_id: `matrix.interaction.${++trigger}`,
        ...payload,
      };
      return send(`payload=${encodeURIComponent(JSON.stringify(whole))}`);
    },
    async refusals(kind) {
      const rows = await world.database
        .knex('audit_events')
        .where({ outcome: 'refused', surface: 'slack', actor_id: `slack:${members[kind].id}` });
      return rows.length;
    },
  };
}

/** Lucy's first example of a command: complete, so that nothing but policy stands before its plan. */
export function exampleOf(name: string): string {
  const [example] = commands.find((command) => command.name === name)?.examples ?? [];
  if (!example) throw new Error(`“${name}” has no example`);
  return example;
}

/** A method of the local Slack, called as Lucy. */
export async function asLucy(
  world: SlackWorld,
  method: string,
  args: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const answer = await fetch(`${world.slack.apiUrl}${method}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${slackSecrets.botToken}`,
      'content-type': 'application/json; charset=utf-8',
    },
    body: JSON.stringify(args),
  });
  const said = (await answer.json()) as Record<string, unknown>;
  if (said.ok !== true) throw new Error(`${method}: ${JSON.stringify(said)}`);
  return said;
}

/** What anybody reads when Lucy herself is at fault: neither taken nor refused. */
export function isDefect(said: string): boolean {
  return said.includes('Something went wrong inside Lucy');
}
