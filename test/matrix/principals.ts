import { commands } from '#commands/index.ts';
import type { Database } from '#db/connection.ts';
import { writeSlackGroups } from '#db/slack-groups.ts';
import { people, workspace } from '#sandbox/cast.ts';
import type { LocalSlack, NewPerson } from '#sandbox/slack/local-slack.ts';
import type { Actor } from '#src/core/actor.ts';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import { defaultPolicy } from '#src/policy/default-policy.ts';
import { freshGroups } from '#src/policy/group-snapshot.ts';
import { terminalActor } from '#src/policy/people.ts';

/** Every kind of somebody who may try something, in Slack or at the terminal. */
export const kinds = [
  'the requester',
  'the requester’s other id',
  'support',
  'billing',
  'oncall',
  'admin',
  'full member without a role',
  'member of a disabled group',
  'admin whom policy denies',
  'single-channel guest',
  'multi-channel guest',
  'bot',
  'deactivated member',
  'Slack Connect stranger',
  'member of another workspace',
  'unknown id',
  'unmapped login',
  'sole login',
] as const;
export type Kind = (typeof kinds)[number];

const otherTeam = 'T0OTHER001';

/** Who of Slack is which kind. */
export const members = {
  'the requester': { id: people.sam.id, teamId: workspace.teamId },
  'the requester’s other id': { id: 'U0SAM00002', teamId: workspace.teamId },
  support: { id: 'U0SUPPORT2', teamId: workspace.teamId },
  billing: { id: people.bea.id, teamId: workspace.teamId },
  oncall: { id: people.olu.id, teamId: workspace.teamId },
  admin: { id: people.ada.id, teamId: workspace.teamId },
  'full member without a role': { id: 'U0NOROLE01', teamId: workspace.teamId },
  'member of a disabled group': { id: 'U0FORMER01', teamId: workspace.teamId },
  'admin whom policy denies': { id: people.bo.id, teamId: workspace.teamId },
  'single-channel guest': { id: 'U0SINGLE01', teamId: workspace.teamId },
  'multi-channel guest': { id: people.gus.id, teamId: workspace.teamId },
  bot: { id: 'U0ROBOT001', teamId: workspace.teamId },
  'deactivated member': { id: 'U0GONE0001', teamId: workspace.teamId },
  'Slack Connect stranger': { id: 'U0STRANGE1', teamId: workspace.teamId },
  'member of another workspace': { id: 'U0FOREIGN1', teamId: otherTeam },
  'unknown id': { id: 'U0NOBODY01', teamId: workspace.teamId },
} as const satisfies Partial<Record<Kind, { id: string; teamId: string }>>;
export type SlackKind = keyof typeof members;
export const slackKinds = Object.keys(members) as SlackKind[];

/** Logins at the terminal; `null` is the one login of a server whose settings name no people. */
export const logins = {
  'the requester': 'sam',
  support: 'support',
  billing: 'bea',
  oncall: 'olu',
  admin: 'ada',
  'full member without a role': 'norole',
  'member of a disabled group': 'former',
  'admin whom policy denies': 'bo',
  'unmapped login': 'intruder',
  'sole login': null,
} as const satisfies Partial<Record<Kind, string | null>>;
export type TerminalKind = keyof typeof logins;
export const terminalKinds = Object.keys(logins) as TerminalKind[];

/** Two who want to look like Sam: his own second account, which is in billing, and his first. Both hold billing. */
const cast = {
  sam: { name: 'Sam', slack: [people.sam.id, members['the requester’s other id'].id], terminal: 'sam' },
  support: { name: 'Support', slack: members.support.id, terminal: 'support' },
  bea: { name: 'Bea', slack: people.bea.id, terminal: 'bea' },
  olu: { name: 'Olu', slack: people.olu.id, terminal: 'olu' },
  ada: { name: 'Ada', slack: people.ada.id, terminal: 'ada', roles: ['admin'] },
  bo: { name: 'Bo', slack: people.bo.id, terminal: 'bo', roles: ['admin'] },
  norole: { name: 'No role', slack: members['full member without a role'].id, terminal: 'norole' },
  former: { name: 'Former', slack: members['member of a disabled group'].id, terminal: 'former' },
};

const groups = {
  support: 'S0SUPPORT1',
  billing: 'S0BILLING1',
  oncall: 'S0ONCALL01',
  disabled: 'S0ADMINS01',
};

/** The default policy, except that every command says: never Bo, who is an admin. */
const settings = {
  roles: {
    support: { groups: [groups.support] },
    billing: { groups: [groups.billing] },
    oncall: { groups: [groups.oncall] },
    admin: { groups: [groups.disabled] },
  },
  policy: Object.fromEntries(
    commands.map(({ name }) => [name, { ...defaultPolicy[name], never: ['bo'] }] as const),
  ),
};
export const matrixSettings: Settings = settingsSchema.parse({ ...settings, people: cast });

/** A server whose settings name nobody: whoever sits there could change the database itself. */
export const soleSettings: Settings = settingsSchema.parse(settings);

/** Whom Lucy refuses whatever they ask sits in every group, so that only the refusal stands in their way. */
const refused: readonly SlackKind[] = [
  'single-channel guest',
  'multi-channel guest',
  'bot',
  'deactivated member',
  'Slack Connect stranger',
  'member of another workspace',
];

const sam = [members['the requester'].id, members['the requester’s other id'].id];

/** Brings everybody into the local Slack, into its groups, and into the channels that the matrix uses. */
export async function populate(slack: LocalSlack): Promise<void> {
  const channels = ['general', 'support', 'lucy-approvals'];
  const add = (kind: SlackKind, handle: string, flags: NewPerson['flags'] = {}) =>
    slack.addPerson({ id: members[kind].id, handle, channels, flags });
  add('the requester’s other id', 'sam-too');
  add('support', 'support');
  add('full member without a role', 'norole');
  add('member of a disabled group', 'former');
  add('single-channel guest', 'single', { is_ultra_restricted: true });
  // Gus again, because the cast's is in fewer channels.
  add('multi-channel guest', people.gus.handle, { is_restricted: true });
  add('bot', 'robot', { is_bot: true });
  add('deactivated member', 'gone', { deleted: true });
  add('Slack Connect stranger', 'stranger', { is_stranger: true });
  add('member of another workspace', 'foreigner', { team_id: otherTeam, is_stranger: false });
  const outsiders = refused.map((kind) => members[kind].id);
  await slack.setGroupMembers('support', [...sam, members.support.id, ...outsiders]);
  await slack.setGroupMembers('billing', [...sam, members.billing.id, ...outsiders]);
  await slack.setGroupMembers('oncall', [members.oncall.id, ...outsiders]);
  await slack.setGroupMembers('admins', [members['member of a disabled group'].id, ...outsiders]);
  slack.setGroupDisabled('admins', true);
}

/** Who sits at the terminal, with what Lucy last read of the groups in Slack: the disabled one gives nothing. */
export async function terminalPrincipal(
  database: Database,
  settings: Settings,
  login: string,
  now: number,
): Promise<Actor> {
  await writeSlackGroups(database.knex, [
    { groupId: groups.support, members: [...sam, members.support.id], readAt: now },
    { groupId: groups.billing, members: [...sam, members.billing.id], readAt: now },
    { groupId: groups.oncall, members: [members.oncall.id], readAt: now },
    { groupId: groups.disabled, members: [], readAt: now },
  ]);
  return terminalActor(settings, login, await freshGroups(database.knex, now));
}
