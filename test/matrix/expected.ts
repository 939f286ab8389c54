import { type Kind, kinds } from './principals.ts';

/**
 * Who may do what, written by hand from DESIGN sections 2 and 4: never computed from the code, because it is what the
 * code is checked against. What is not named for somebody is denied to them. A new command, button, modal, event,
 * shortcut or route fails `declared.test.ts` until it has its row here.
 */

const theRequester: readonly Kind[] = ['the requester', 'the requester’s other id'];
/** Sam holds billing, too, so that nothing but its being his own request keeps him from approving it. */
const billing: readonly Kind[] = [...theRequester, 'billing', 'admin', 'sole login'];
const supportAndBilling: readonly Kind[] = [...billing, 'support'];
const supportBillingAndOnCall: readonly Kind[] = [...supportAndBilling, 'oncall'];
const billingAndOnCall: readonly Kind[] = [...billing, 'oncall'];
const onCall: readonly Kind[] = ['oncall', 'admin'];
const onCallOrSole: readonly Kind[] = [...onCall, 'sole login'];
/** Whose the runbooks are unless the settings name somebody else. */
const admins: readonly Kind[] = ['admin', 'sole login'];
/** “All” in DESIGN section 2: any role. */
const anyRole = supportBillingAndOnCall;
const everybody: readonly Kind[] = [...anyRole, 'full member without a role', 'member of a disabled group'];

/** Who may run each command, whatever it is about. */
export const mayRun: Readonly<Record<string, readonly Kind[]>> = {
  'alert acknowledge': onCallOrSole,
  'approval approve': anyRole,
  'approval cancel': anyRole,
  'approval deny': anyRole,
  'approval list': anyRole,
  'approval show': anyRole,
  'audit search': billingAndOnCall,
  'audit verify': billingAndOnCall,
  'backup create': onCallOrSole,
  'backup list': onCallOrSole,
  'backup release': billing,
  'backup restore': onCallOrSole,
  'backup verify': onCallOrSole,
  'batch show': supportAndBilling,
  'break-glass end': anyRole,
  'break-glass list': anyRole,
  'break-glass review': billing,
  'break-glass start': onCall,
  'credits audit': anyRole,
  'credits consume': supportAndBilling,
  'credits grant': supportAndBilling,
  'credits import': supportAndBilling,
  'credits reverse': supportAndBilling,
  'credits show': anyRole,
  'credits unimport': supportAndBilling,
  'customer add': supportAndBilling,
  'customer diagnose': anyRole,
  'customer export': billingAndOnCall,
  'customer import': supportAndBilling,
  'customer link': supportAndBilling,
  'customer lock': supportBillingAndOnCall,
  'customer show': anyRole,
  'customer timeline': anyRole,
  'customer unlink': supportAndBilling,
  'customer unlock': supportBillingAndOnCall,
  'customer verify-email': supportAndBilling,
  'dispute accept': billing,
  'dispute contest': billing,
  'dispute evidence': billing,
  'dispute fraud': billing,
  'dispute list': billing,
  'dispute show': billing,
  'drill list': anyRole,
  'drill stop': onCallOrSole,
  escalate: anyRole,
  'escalation close': anyRole,
  'escalation list': anyRole,
  'escalation show': anyRole,
  'escalation take': anyRole,
  help: everybody,
  'incident change': onCallOrSole,
  'incident declare': onCallOrSole,
  'incident drill': onCallOrSole,
  'incident list': anyRole,
  'incident note': onCallOrSole,
  'incident postmortem': anyRole,
  'incident reopen': onCallOrSole,
  'incident resolve': onCallOrSole,
  'incident status': anyRole,
  'incident update': onCallOrSole,
  investigate: anyRole,
  'investigation close': anyRole,
  'investigation link': anyRole,
  'investigation list': anyRole,
  'investigation note': anyRole,
  'investigation show': anyRole,
  'investigation step': anyRole,
  'payment grace': supportAndBilling,
  'payment mail': anyRole,
  'payment portal-link': supportAndBilling,
  'payment show': anyRole,
  'policy explain': anyRole,
  'reconcile apply': billingAndOnCall,
  'reconcile cancel': billingAndOnCall,
  'reconcile list': billingAndOnCall,
  'reconcile run': billingAndOnCall,
  'reconcile show': billingAndOnCall,
  'postmortem action': onCallOrSole,
  'postmortem done': onCallOrSole,
  'postmortem file': onCallOrSole,
  'postmortem write': onCallOrSole,
  'refund request': supportAndBilling,
  status: anyRole,
  'runbook accept': admins,
  'runbook close': anyRole,
  'runbook decline': admins,
  'runbook list': anyRole,
  'runbook show': anyRole,
  'runbook start': anyRole,
  'runbook suggest': anyRole,
  'runbook suggestions': anyRole,
  'runbook tick': anyRole,
  'release list': onCallOrSole,
  'release rollback': onCallOrSole,
  'subscription cancel': billing,
  'subscription set': billing,
  'subscription show': anyRole,
  'tier reset': supportAndBilling,
  'tier set': supportAndBilling,
  trace: anyRole,
  undo: anyRole,
  'webhook failed': billingAndOnCall,
  'webhook health': billingAndOnCall,
  'webhook replay': supportBillingAndOnCall,
  'webhook resend': billingAndOnCall,
  'webhook show': anyRole,
  whoami: everybody,
};

/** The seeds' own spellings at the terminal, with what follows them and the command whose row above holds. */
export const seedSpellings: Readonly<Record<string, { line: string; means: string }>> = {
  'grant-credits': {
    line: 'grant-credits --email sofia@firm.com --count 2 --reason "lost upload"',
    means: 'credits grant',
  },
  'set-subscription': {
    line: 'set-subscription --email office@manual.gmbh --type monthly --status active --reason "pays by invoice"',
    means: 'subscription set',
  },
  'verify-email': {
    line: 'verify-email --email sofia@firm.com --reason "confirmed by phone"',
    means: 'customer verify-email',
  },
  'entitlements adjust': {
    line: 'entitlements adjust --user sofia@firm.com --set-tier pro --reason "lost upload"',
    means: 'tier set',
  },
};

const approvers: readonly Kind[] = ['billing', 'admin'];

/** Lines about something of Sam's, with its id put in, and who may take it further than a refusal. */
export const aboutSams: Readonly<Record<string, readonly Kind[]>> = {
  'approval approve APPROVAL --reason "checked"': approvers,
  'approval deny APPROVAL --reason "not right"': approvers,
  'approval cancel APPROVAL --reason "not needed"': theRequester,
  // It gives credits back, so whoever may reverse may undo.
  'undo DONE --reason "wrong customer"': supportAndBilling,
};

/**
 * What a click on something of Sam's does: for whom it changes something, and for whom it is refused and written
 * down. For everybody else it does nothing, and says why.
 */
type Clicked = {
  changesFor: readonly Kind[];
  refusedFor: readonly Kind[];
  /** Who may read in the answer whom it is about; left out: whoever is not refused. */
  readBy?: readonly Kind[];
};

const allBut = (some: readonly Kind[]): readonly Kind[] => kinds.filter((kind) => !some.includes(kind));

const strangers: readonly Kind[] = [
  'single-channel guest',
  'multi-channel guest',
  'bot',
  'deactivated member',
  'Slack Connect stranger',
  'member of another workspace',
  'unknown id',
];

/** By kind of button (`src/slack/action-ids.ts`). */
export const buttons: Readonly<Record<string, Clicked>> = {
  /** Sam's preview. */
  confirm: { changesFor: theRequester, refusedFor: allBut(theRequester) },
  cancel: { changesFor: theRequester, refusedFor: allBut(theRequester) },
  /** A line that whoever clicks runs as if they had typed it: a preview or a form of their own for whoever may. */
  run: { changesFor: supportAndBilling, refusedFor: allBut(supportAndBilling) },
  form: { changesFor: supportAndBilling, refusedFor: allBut(supportAndBilling) },
  menu: { changesFor: [], refusedFor: strangers },
  /** A lookup, for everybody in the channel. */
  share: { changesFor: [], refusedFor: allBut(anyRole) },
  /** Sam's receipt: whoever has a role is told that they have no such receipt. */
  receipt: {
    changesFor: [],
    refusedFor: allBut([...anyRole, 'admin whom policy denies']),
    readBy: theRequester,
  },
  /** Sam's request. Deny opens the form that asks why; only sending that denies. */
  approve: { changesFor: approvers, refusedFor: allBut(approvers) },
  deny: { changesFor: [], refusedFor: allBut(approvers) },
  withdraw: { changesFor: theRequester, refusedFor: allBut(theRequester) },
};

/** By callback id (`src/slack/forms/form-view.ts`): who changes something by sending it about something of Sam's. */
export const modals: Readonly<Record<string, readonly Kind[]>> = {
  'lucy.form': theRequester,
  'lucy.confirm': theRequester,
  'lucy.deny': approvers,
  /** Sam is not on call, so even his own notes nothing. */
  'lucy.timeline': [],
  /** It only looks, or shows a preview. */
  'lucy.ask': [],
  'lucy.shown': [],
};

/** By callback id: who changes something by closing it. */
export const closedModals: Readonly<Record<string, readonly Kind[]>> = {
  'lucy.form': [],
  'lucy.confirm': theRequester,
  'lucy.deny': [],
  'lucy.timeline': [],
  'lucy.ask': [],
  'lucy.shown': [],
};

/**
 * Events of manifest.yml. The first three change nothing but what Lucy knows of Slack's groups, whoever they name. A
 * mention is a line like any other, and a pin counts in the room of an incident.
 */
export const events = [
  'app_home_opened',
  'subteam_members_changed',
  'subteam_updated',
  'app_mention',
  'pin_added',
] as const;

/** Message shortcuts of manifest.yml, by callback id. */
export const shortcuts = ['lucy.timeline', 'lucy.ask'] as const;

/** Who writes something down by choosing it, while one incident is open. */
export const mayUseShortcut: Readonly<Record<(typeof shortcuts)[number], readonly Kind[]>> = {
  'lucy.timeline': onCallOrSole,
  /** Only the form that asks, for whom Lucy knows. */
  'lucy.ask': [],
};

/** What each route answers to somebody without a signature and without a key. */
export const routes: Readonly<Record<string, { unsigned: number }>> = {
  'POST /api/billing/webhook': { unsigned: 400 },
  'POST /slack/events': { unsigned: 401 },
  'ANY /api/': { unsigned: 401 },
  /** It describes and tells nothing. */
  'GET /api/openapi.json': { unsigned: 200 },
  'GET /api/entitlements': { unsigned: 401 },
  'POST /api/credits/consume': { unsigned: 401 },
  'POST /api/credits/holds': { unsigned: 401 },
  'GET /api/credits/holds/:id': { unsigned: 401 },
  'POST /api/credits/holds/:id/settle': { unsigned: 401 },
  'POST /api/credits/holds/:id/void': { unsigned: 401 },
  'POST /api/usage': { unsigned: 401 },
  'POST /api/reports': { unsigned: 401 },
  'POST /api/releases': { unsigned: 401 },
  'PUT /api/customers/:id': { unsigned: 401 },
  'GET /status': { unsigned: 200 },
  'GET /status.json': { unsigned: 200 },
  'GET /status/feed.xml': { unsigned: 200 },
  'GET /metrics': { unsigned: 200 },
  'GET /health': { unsigned: 200 },
};
