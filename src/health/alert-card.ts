import type { Sql } from '#db/connection.ts';
import { findAlert, type HealthAlertRow } from '#db/health-alerts.ts';
import type { Cause } from '#src/core/cause.ts';
import { spanWords } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { callSettings, isDrill } from '#src/incidents/drill-mark.ts';
import { calledWords, rotaMentions } from '#src/oncall/rota.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import { findSuspect, suspectWords } from '#src/releases/suspect.ts';
import { lineWithFlags } from '#src/replies/line-with-flags.ts';
import type { Reply, ReplyButton } from '#src/replies/reply.ts';
import { probeOf } from './probes.ts';

export const alertKey = (id: string) => `alert:${id}`;

/** What is out of order, what it means, and who has it. */
export async function alertCard(
  sql: Sql,
  settings: Settings,
  id: string,
): Promise<{ row: HealthAlertRow; reply: Reply; version: number } | null> {
  const row = await findAlert(sql, id);
  return row ? { row, version: row.version, reply: await describeAlert(sql, settings, row) } : null;
}

async function describeAlert(sql: Sql, settings: Settings, row: HealthAlertRow): Promise<Reply> {
  const probe = probeOf(row.probe_id);
  const title = probe?.title ?? row.probe_id;
  const { recovered_at: recoveredAt } = row;
  if (recoveredAt !== null)
    return {
      tone: 'done',
      title: `${title}: well again after ${spanWords(recoveredAt - row.began_at)}.`,
      facts: [
        { label: 'Was', value: row.detail },
        { label: 'Is', value: row.recovered_detail ?? 'well' },
        { label: 'Since', value: { at: recoveredAt } },
        { label: 'Had it', value: row.acknowledged_name ?? 'nobody had to' },
      ],
      correlationId: row.correlation_id,
    };
  const calls = await callSettings(sql, settings, row);
  // What really was released has nothing to do with what is only played.
  const suspect = isDrill(row) ? undefined : await findSuspect(sql, settings, row.began_at);
  return {
    tone: 'warning',
    title: `${title}: ${row.detail}`,
    facts: [
      { label: 'Since', value: { at: row.began_at } },
      { label: 'What it means', value: probe?.effect ?? 'Unknown.' },
      ...(suspect ? [{ label: 'Released before', value: suspectWords(suspect, row.began_at) }] : []),
      row.acknowledged_name === null
        ? { label: 'Called', value: probe?.isQuiet ? 'nobody, it can wait' : calledWords(calls, row.level) }
        : { label: 'Has it', value: row.acknowledged_name },
    ],
    hint: hintOf(row, probe?.firstStep),
    mentions: row.acknowledged_name === null && !probe?.isQuiet ? rotaMentions(calls, row.level) : {},
    buttons: [...buttonsOf(row, title), ...(suspect ? [rollbackButton] : [])],
    correlationId: row.correlation_id,
  };
}

/** A drill’s first step is to press the button, which is gone once somebody did. */
function hintOf(row: HealthAlertRow, firstStep = 'Look at “status”.'): string {
  return isDrill(row) && row.acknowledged_name !== null ? 'Go on as the drill’s card says.' : firstStep;
}

const rollbackButton: ReplyButton = { kind: 'command', label: 'Roll back', line: 'release rollback' };

function buttonsOf(row: HealthAlertRow, title: string): ReplyButton[] {
  const take: ReplyButton[] =
    row.acknowledged_name === null
      ? [{ kind: 'command', label: 'I have it', line: `alert acknowledge ${row.id}` }]
      : [];
  return [
    ...take,
    {
      kind: 'command',
      label: 'Declare an incident',
      line: isDrill(row)
        ? lineWithFlags('incident declare', [
            ['title', row.detail],
            ['drill', 'yes'],
          ])
        : lineWithFlags('incident declare', [['title', `${title}: ${row.detail}`.slice(0, 200)]]),
    },
    { kind: 'command', label: 'Status', line: 'status' },
  ];
}

export async function renewAlertCard(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  row: HealthAlertRow,
): Promise<void> {
  await renewCard(sql, cause, {
    key: alertKey(row.id),
    target: 'oncall',
    version: row.version,
    reply: await describeAlert(sql, settings, row),
  });
}
