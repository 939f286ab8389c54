import { patiently } from '#db/transaction.ts';
import { keepFile, keptFileId } from '#src/batches/keep-file.ts';
import { fieldError } from '#src/core/errors.ts';
import { placeOf } from '#src/policy/place.ts';
import { fileInputsOf } from '#src/runner/file-field.ts';
import type { Request } from '#src/runner/runner.ts';
import { authoriseOrAudit } from '#src/runner/start-run.ts';
import type { SlackParts } from '../parts.ts';
import { type FileAsker, fetchSlackFile, slackFileId } from './fetch-file.ts';

/**
 * Fetches the files that were named or chosen, and puts their ids in the place of their names. Nothing is fetched for who
 * may not run the command, and nothing that is not theirs.
 */
export async function handInFiles(parts: SlackParts, request: Request): Promise<Request> {
  const { runner } = parts;
  const raw = { ...request.raw };
  for (const name of fileInputsOf(request.command)) {
    const typed = raw[name];
    if (typeof typed !== 'string' || keptFileId.test(typed)) continue;
    await patiently(() => authoriseOrAudit(runner, request));
    const id = slackFileId(typed);
    if (id === null) throw notOfSlack(typed, request.command.name);
    const { name: fileName, bytes } = await fetchSlackFile(parts, id, askerOf(request));
    const file = { name: fileName, bytes, now: runner.clock.now() };
    raw[name] = await patiently(() => keepFile(runner.database.knex, file));
  }
  return { ...request, raw };
}

function askerOf({ actor, surface, origin }: Request): FileAsker {
  const channelId = placeOf(surface, origin)?.channelId ?? null;
  return { userId: actor.id.replace(/^slack:/, ''), channelId };
}

function notOfSlack(typed: string, command: string) {
  return fieldError(
    'file',
    `“${typed.slice(0, 80)}” is no file in Slack.`,
    `Type /lucy ${command} alone and choose the file, or give its link, or its id such as F0123ABCD.`,
  );
}
