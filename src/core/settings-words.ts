import { z } from 'zod';
import { parseDuration } from './clock.ts';

/** Words that several sections of `lucy.config.yml` use. */
export const tierName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, 'use lower-case letters, digits, - or _ (at most 32), such as pro');

export const memberId = z.string().regex(/^[UW][A-Z0-9]{2,}$/, 'a Slack member id such as U012AB3CD');
export const groupId = z.string().regex(/^S[A-Z0-9]{2,}$/, 'a Slack user group id such as S012AB3CD');

export const channelName = z
  .string()
  .regex(/^(#[\p{L}\p{N}_-]{1,80}|[CG][A-Z0-9]{2,})$/u, 'a channel such as #lucy-billing or its id');

/** The channels that Lucy posts to, by what they are for. */
export const channelKeys = ['entitlements', 'approvals', 'billing', 'oncall', 'incidents'] as const;

/** A time such as 24h; kept as it was written, and read with `spanMs`. */
export const span = z.string().refine((text) => spanMs(text) > 0, 'a time such as 15m, 24h or 30d');

/** Milliseconds of a checked span; 0 for what is none. */
export function spanMs(text: string): number {
  return parseDuration(text) ?? 0;
}

const anAddress = 'an http or https address, without a user and a password in it';
/** Addresses stand in messages and cards, so no secret may be in one. */
export const webAddress = z
  .url({ protocol: /^https?$/, error: anAddress })
  .refine((url) => !/^https?:\/\/[^/]*@/.test(url), anAddress);
