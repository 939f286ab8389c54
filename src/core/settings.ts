import { z } from 'zod';
import { roles } from './actor.ts';
import { apiSettings } from './settings-api.ts';
import { auditSettings } from './settings-audit.ts';
import { backupSettings } from './settings-backups.ts';
import { breakGlassSettings } from './settings-break-glass.ts';
import { type Problem, peopleProblems, policyCrossChecks } from './settings-cross-checks.ts';
import { disputeSettings } from './settings-disputes.ts';
import { escalationSettings } from './settings-escalations.ts';
import { incidentSettings, statusPageSettings } from './settings-incidents.ts';
import { investigationSettings, logIndexSettings, sentrySettings } from './settings-investigations.ts';
import { mailSettings } from './settings-mail.ts';
import { healthSettings, oncallSettings, rotaProblems } from './settings-oncall.ts';
import { approvalSettings, policySettings } from './settings-policy.ts';
import { reconcileSettings } from './settings-reconcile.ts';
import { releaseSettings } from './settings-releases.ts';
import { retentionSettings } from './settings-retention.ts';
import { teamSettings } from './settings-routing.ts';
import { runbookProblems, runbookSettings } from './settings-runbooks.ts';
import { webhookSettings } from './settings-webhooks.ts';
import { channelName, groupId, memberId, tierName } from './settings-words.ts';
import { workerSettings } from './settings-workers.ts';

/**
 * The shape of `lucy.config.yml`. Every section has a default, so an empty file is a working one; unknown keys are
 * errors, because a misspelt key in a policy file must never be silently ignored.
 */
const plan = z
  .strictObject({
    tier: tierName,
    price: z.string().startsWith('price_').optional(),
    lookup_key: z.string().min(1).max(200).optional(),
    product: z.string().startsWith('prod_').optional(),
    credits_per_period: z.int().min(0).max(1_000_000_000).default(0),
    /** When a period's credits lapse: at the end of the paid period, or never. */
    credits_expire: z.enum(['never', 'period_end']).default('never'),
    /** Hours of continued access after a failed payment (playbook: 24-72 h by policy). */
    grace_hours: z
      .int()
      .min(0)
      .max(24 * 14)
      .default(72),
  })
  .refine((entry) => entry.price || entry.lookup_key || entry.product, {
    message: 'name the Stripe side: one of price, lookup_key or product',
  });

const pack = z
  .strictObject({
    price: z.string().startsWith('price_').optional(),
    lookup_key: z.string().min(1).max(200).optional(),
    product: z.string().startsWith('prod_').optional(),
    credits: z.int().min(1).max(1_000_000_000),
  })
  .refine((entry) => entry.price || entry.lookup_key || entry.product, {
    message: 'name the Stripe side: one of price, lookup_key or product',
  });

const roleMembers = z.strictObject({
  groups: z.array(groupId).default([]),
  members: z.array(memberId).default([]),
});

/** Without a colon, so that it can never be the id of somebody who has no entry (`slack:U…`, `terminal:…`). */
const personKey = z.string().regex(/^[^:\s][^:]{0,63}$/, 'a short name without a colon, such as ada');

const person = z.strictObject({
  name: z.string().min(1).max(80),
  /** One Slack member id, or the several of one human. */
  slack: z
    .union([memberId, z.array(memberId)], { error: 'a Slack member id such as U012AB3CD, or a list of them' })
    .default([])
    .transform((ids) => [ids].flat()),
  terminal: z.string().min(1).max(64).optional(),
  roles: z.array(z.enum(roles)).default([]),
});

export const settingsSchema = z.strictObject({
  tiers: z.array(tierName).min(1).default(['free', 'starter', 'pro', 'enterprise']),
  plans: z.array(plan).default([]),
  credit_packs: z.array(pack).default([]),
  billing: z
    .strictObject({
      /** Payments before this moment grant nothing: the old system already did. Default: the first start. */
      credits_since: z.iso.datetime({ offset: true }).optional(),
      /** What a paused subscription keeps while it is paused. */
      paused: z.enum(['keep', 'free']).default('free'),
      /** The tier a manual subscription of each type gives (customers who pay outside Stripe). */
      manual_types: z
        .record(z.string(), tierName)
        .default({ monthly: 'pro', yearly: 'pro', enterprise: 'enterprise' }),
    })
    .prefault({}),
  channels: z
    .strictObject({
      entitlements: channelName.default('#lucy-entitlements'),
      approvals: channelName.default('#lucy-approvals'),
      billing: channelName.default('#lucy-billing'),
      oncall: channelName.default('#lucy-oncall'),
      incidents: channelName.default('#incidents'),
    })
    .prefault({}),
  roles: z
    .strictObject({
      support: roleMembers.prefault({}),
      billing: roleMembers.prefault({}),
      oncall: roleMembers.prefault({}),
      admin: roleMembers.prefault({}),
    })
    .prefault({}),
  people: z.record(personKey, person).default({}),
  policy: policySettings,
  approvals: approvalSettings,
  break_glass: breakGlassSettings,
  audit: auditSettings,
  api: apiSettings,
  webhooks: webhookSettings,
  workers: workerSettings,
  reconcile: reconcileSettings,
  mail: mailSettings,
  health: healthSettings,
  oncall: oncallSettings,
  incidents: incidentSettings,
  status_page: statusPageSettings,
  releases: releaseSettings,
  backups: backupSettings,
  retention: retentionSettings,
  disputes: disputeSettings,
  teams: teamSettings,
  escalations: escalationSettings,
  runbooks: runbookSettings,
  investigations: investigationSettings,
  log_index: logIndexSettings,
  sentry: sentrySettings,
});

export type Settings = z.infer<typeof settingsSchema>;
export type Plan = Settings['plans'][number];
export type CreditPack = Settings['credit_packs'][number];
export type ChannelKey = keyof Settings['channels'];

/** Rules between sections that a shape cannot say. Returns `[path, message]` pairs. */
export function crossChecks(settings: Settings): Problem[] {
  const problems: Problem[] = [];
  const known = new Set(settings.tiers);
  settings.plans.forEach((entry, index) => {
    if (!known.has(entry.tier))
      problems.push([`plans[${index}].tier`, `“${entry.tier}” is not one of tiers`]);
  });
  for (const [type, tier] of Object.entries(settings.billing.manual_types)) {
    if (!known.has(tier)) problems.push([`billing.manual_types.${type}`, `“${tier}” is not one of tiers`]);
  }
  for (const key of ['price', 'lookup_key', 'product'] as const) {
    const seen = new Map<string, string>();
    const entries = [
      ...settings.plans.map((e, i) => [`plans[${i}]`, e] as const),
      ...settings.credit_packs.map((e, i) => [`credit_packs[${i}]`, e] as const),
    ];
    for (const [path, entry] of entries) {
      const value = entry[key];
      if (!value) continue;
      const first = seen.get(value);
      if (first) problems.push([`${path}.${key}`, `“${value}” is already mapped by ${first}`]);
      else seen.set(value, path);
    }
  }
  return [
    ...problems,
    ...peopleProblems(settings),
    ...rotaProblems(settings),
    ...policyCrossChecks(settings),
    ...runbookProblems(settings),
  ];
}

/** Position of a tier: the order of `tiers` is the rank, lowest first. Unknown tiers rank below all. */
export function tierRank(settings: Settings, tier: string): number {
  return settings.tiers.indexOf(tier);
}

/** What a customer has without any subscription. */
export function lowestTier(settings: Settings): string {
  return settings.tiers[0] ?? 'free';
}
