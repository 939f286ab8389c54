import { z } from 'zod';
import { roles } from './actor.ts';
import type { Problem } from './settings-cross-checks.ts';
import { channelKeys } from './settings-words.ts';

/** Whose the runbooks are: the section `runbooks:` of the settings. */
export const runbookSettings = z
  .strictObject({
    /** A role, or a key under `people:`. They, and admins, accept and decline what is suggested. */
    owner: z.string().min(1).max(64).default('admin'),
    /** Where they are told of a suggestion. */
    channel: z.enum(channelKeys).default('oncall'),
  })
  .prefault({});

/** A misspelt owner would leave every suggestion to admins alone, unnoticed. */
export function runbookProblems(settings: {
  runbooks: z.infer<typeof runbookSettings>;
  people: Record<string, unknown>;
}): Problem[] {
  const { owner } = settings.runbooks;
  const isKnown = roles.some((role) => role === owner) || Object.hasOwn(settings.people, owner);
  return isKnown ? [] : [['runbooks.owner', `“${owner}” is neither a role nor a key under people`]];
}
