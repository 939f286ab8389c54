import type { Sql } from '#db/connection.ts';
import { approvalCard } from '#src/approvals/card.ts';
import { restoreCard } from '#src/backups/restore-card.ts';
import { batchCard } from '#src/batches/batch-card.ts';
import type { Settings } from '#src/core/settings.ts';
import { noticeCard } from '#src/detectors/notice-card.ts';
import { disputeCard } from '#src/disputes/card.ts';
import { warningCard } from '#src/disputes/warning-card.ts';
import { drillCard } from '#src/drills/card.ts';
import { escalationCard } from '#src/escalations/card.ts';
import { replayCard } from '#src/event-recovery/replay-card.ts';
import { alertCard } from '#src/health/alert-card.ts';
import { askCard } from '#src/incidents/asks/card.ts';
import { incidentCard } from '#src/incidents/card.ts';
import { investigationCard } from '#src/investigations/card.ts';
import type { RenderCard } from '#src/outbox/send-row.ts';
import { reconciliationCard } from '#src/reconciliation/card.ts';
import { nightsCard } from '#src/reconciliation/nights-card.ts';
import type { Reply } from '#src/replies/reply.ts';
import { runbookCard } from '#src/runbooks/card.ts';

type Render = (sql: Sql, settings: Settings, id: string) => Promise<{ reply: Reply; version: number } | null>;

/** Every kind of card that is edited in place, by the word before its id. */
const cards: Readonly<Record<string, Render>> = {
  alert: alertCard,
  notice: noticeCard,
  approval: approvalCard,
  dispute: disputeCard,
  'fraud-warning': (sql, _settings, id) => warningCard(sql, id),
  drill: drillCard,
  escalation: escalationCard,
  incident: incidentCard,
  investigation: investigationCard,
  'incident-room': incidentCard,
  'incident-ask': (sql, _settings, id) => askCard(sql, id),
  batch: (sql, _settings, batchId) => batchCard(sql, batchId),
  'nightly-reconciliation': (sql) => nightsCard(sql),
  reconciliation: (sql, _settings, id) => reconciliationCard(sql, id),
  restore: (sql, _settings, id) => restoreCard(sql, id),
  replay: (sql, _settings, runId) => replayCard(sql, runId),
  runbook: runbookCard,
};

export function createRenderCard(settings: Settings): RenderCard {
  return async (sql, key) => {
    const [kind = '', id = ''] = key.split(':');
    const render = Object.hasOwn(cards, kind) ? cards[kind] : undefined;
    return render ? render(sql, settings, id) : null;
  };
}
