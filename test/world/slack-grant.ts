import { type SlackWorld, slackWorld } from './slack-world.ts';

/** The main job, as support types it. */
export const grantLine = '/lucy credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812';

/** The world with Sofia as a customer, and nothing left to tell about that. */
export async function slackWorldWithSofia(
  options: Parameters<typeof slackWorld>[0] = {},
): Promise<SlackWorld> {
  const world = await slackWorld(options);
  await world.given('customer add sofia@firm.com');
  await world.pumpAll();
  return world;
}

/** Sam types the grant in #support and gets its preview. */
export async function previewedGrant(world: SlackWorld) {
  const sam = world.slack.as('sam');
  await sam.say('support', grantLine);
  const { ts } = sam.lastMessage('support');
  return { sam, at: { channel: 'support', ts } };
}
