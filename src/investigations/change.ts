import type { Sql } from '#db/connection.ts';
import {
  type InvestigationRow,
  type InvestigationStep,
  listInvestigationSteps,
  tickInvestigationStep,
  untickInvestigationStep,
  updateInvestigation,
} from '#db/investigations.ts';
import type { Cause } from '#src/core/cause.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { renewInvestigationCard } from './card.ts';
import { holdOpenCase } from './find.ts';
import { linked, missingLinks } from './verdicts.ts';

/** Ticks a step by hand, or takes such a tick back. */
export async function changeStep(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  {
    ticket,
    step,
    note,
    isOpening,
  }: { ticket: string; step: InvestigationStep; note: string; isOpening: boolean },
): Promise<InvestigationRow> {
  const held = await holdOpenCase(sql, ticket);
  await requireChangeable(sql, held, step, isOpening);
  if (isOpening) await untickInvestigationStep(sql, held.id, step);
  else
    await tickInvestigationStep(sql, {
      investigation_id: held.id,
      step,
      ticked_at: cause.now,
      ticked_name: cause.actor.name,
      ticked_by: 'hand',
      note,
    });
  await updateInvestigation(sql, held, {});
  await renewInvestigationCard(sql, settings, cause, held.id);
  return held;
}

/** @throws UserError when it is ticked already, or there is no tick of a person to take back */
export async function requireChangeable(
  sql: Sql,
  row: InvestigationRow,
  step: InvestigationStep,
  isOpening: boolean,
): Promise<void> {
  const ticked = (await listInvestigationSteps(sql, row.id)).find((candidate) => candidate.step === step);
  if (!isOpening && ticked)
    throw new UserError(
      'conflict',
      `${ticked.ticked_name} ticked this already, so nothing was changed: ${ticked.note}`,
      'Go on with the next step.',
    );
  if (isOpening && ticked?.ticked_by !== 'hand')
    throw new UserError(
      'conflict',
      ticked ? 'This was ticked by what was found, not by hand.' : 'This step is not ticked.',
      'Nothing has to be taken back.',
    );
}

/** Links the patch, the test, or both; with both there the last step is done. */
export async function linkWork(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  { ticket, patch, test }: { ticket: string; patch: string | undefined; test: string | undefined },
): Promise<InvestigationRow> {
  const held = await holdOpenCase(sql, ticket);
  const links = { patch_url: patch ?? held.patch_url, test_url: test ?? held.test_url };
  await updateInvestigation(sql, held, links);
  const { isDone, note } = linked(links);
  if (isDone) {
    await untickInvestigationStep(sql, held.id, 'patch');
    await tickInvestigationStep(sql, {
      investigation_id: held.id,
      step: 'patch',
      ticked_at: cause.now,
      ticked_name: cause.actor.name,
      ticked_by: 'evidence',
      note,
    });
  }
  await renewInvestigationCard(sql, settings, cause, held.id);
  return held;
}

/**
 * Playbook, bug investigation 4: a case ends with a patch and a test that fails without it.
 *
 * @throws UserError naming what is not linked
 */
export function requireClosable(row: InvestigationRow, isWithoutChange: boolean): void {
  const missing = missingLinks(row);
  if (isWithoutChange || missing.length === 0) return;
  const flags = [row.patch_url === null ? '--patch URL' : '', row.test_url === null ? '--test URL' : ''];
  throw new UserError(
    'conflict',
    `The case of ${row.ticket} cannot be closed: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not linked.`,
    `Link with: investigation link ${row.ticket} ${flags.filter(Boolean).join(' ')}. If no code has to change, say so and why: investigation close ${row.ticket} --no-change --reason "…"`,
  );
}

export async function closeCase(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  { ticket, isWithoutChange }: { ticket: string; isWithoutChange: boolean },
): Promise<InvestigationRow> {
  const held = await holdOpenCase(sql, ticket);
  requireClosable(held, isWithoutChange);
  await updateInvestigation(sql, held, {
    state: 'closed',
    closed_at: cause.now,
    closed_name: cause.actor.name,
    close_reason: cause.reason ?? 'no reason given',
    no_change_at: isWithoutChange ? cause.now : null,
  });
  await renewInvestigationCard(sql, settings, cause, held.id);
  return held;
}

/** Something was written about it: its card shows it. */
export async function touchCase(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  ticket: string,
): Promise<InvestigationRow> {
  const held = await holdOpenCase(sql, ticket);
  await updateInvestigation(sql, held, {});
  await renewInvestigationCard(sql, settings, cause, held.id);
  return held;
}
