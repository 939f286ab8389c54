/**
 * The cast of DESIGN section 8: the people who act in the sandbox and in the tests. The same names, ids and
 * roles everywhere, so that a screenshot, a test and the documentation tell one story.
 */
export type CastPerson = {
  id: string;
  handle: string;
  realName: string;
  title: string;
  email: string;
  /** One colour per person, used for the avatar. */
  colour: string;
  /** Slack's words for a guest: multi-channel (restricted) guests are refused by Lucy. */
  isGuest: boolean;
};

const person = (
  id: string,
  handle: string,
  realName: string,
  title: string,
  colour: string,
  isGuest = false,
): CastPerson => ({
  id,
  handle,
  realName,
  title,
  email: `${handle}@lucy.example`,
  colour,
  isGuest,
});

export const people = {
  sam: person('U0SAM00001', 'sam', 'Sam', 'Support', '#2f7d6d'),
  bea: person('U0BEA00001', 'bea', 'Bea', 'Billing', '#8c4a9e'),
  bo: person('U0BO000001', 'bo', 'Bo', 'Billing', '#3d63b5'),
  olu: person('U0OLU00001', 'olu', 'Olu', 'On-call', '#b5532d'),
  ada: person('U0ADA00001', 'ada', 'Ada', 'Admin', '#7a6a12'),
  gus: person('U0GUS00001', 'gus', 'Gus', 'Guest', '#777777', true),
};

export const workspace = {
  teamId: 'T0LUCY0001',
  teamName: 'Lucy Sandbox',
  domain: 'lucy-sandbox',
  appId: 'A0LUCY0001',
};

export const bot = { userId: 'U0LUCYBOT1', botId: 'B0LUCY0001', name: 'lucy' };

export const userGroups = [
  { id: 'S0SUPPORT1', handle: 'support', name: 'Support', members: [people.sam.id] },
  { id: 'S0BILLING1', handle: 'billing', name: 'Billing', members: [people.bea.id, people.bo.id] },
  { id: 'S0ONCALL01', handle: 'oncall', name: 'On-call', members: [people.olu.id] },
  { id: 'S0ADMINS01', handle: 'admins', name: 'Admins', members: [people.ada.id] },
];

/** Channels of the sandbox: Lucy's default channels and one ordinary channel where Lucy was never invited. */
export const channels = [
  { id: 'C0GENERAL1', name: 'general', hasBot: false },
  { id: 'C0SUPPORT1', name: 'support', hasBot: true },
  { id: 'C0ENTITLE1', name: 'lucy-entitlements', hasBot: true },
  { id: 'C0APPROVE1', name: 'lucy-approvals', hasBot: true },
  { id: 'C0BILLING1', name: 'lucy-billing', hasBot: true },
  { id: 'C0ONCALL01', name: 'lucy-oncall', hasBot: true },
  { id: 'C0INCIDEN1', name: 'incidents', hasBot: true },
];
