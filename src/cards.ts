import type { Sql } from '#db/connection.ts';
import { approvalCard } from '#src/approvals/card.ts';
import type { Settings } from '#src/core/settings.ts';
import { replayCard } from '#src/event-recovery/replay-card.ts';
import type { RenderCard } from '#src/outbox/send-row.ts';
import type { Reply } from '#src/replies/reply.ts';

type Render = (sql: Sql, settings: Settings, id: string) => Promise<{ reply: Reply; version: number } | null>;

/** Every kind of card that is edited in place, by the word before its id. */
const cards: Readonly<Record<string, Render>> = {
  approval: approvalCard,
  replay: (sql, _settings, runId) => replayCard(sql, runId),
};

export function createRenderCard(settings: Settings): RenderCard {
  return async (sql, key) => {
    const [kind = '', id = ''] = key.split(':');
    const render = Object.hasOwn(cards, kind) ? cards[kind] : undefined;
    return render ? render(sql, settings, id) : null;
  };
}
