import type { Sql } from '#db/connection.ts';
import { findOpenDrill } from '#db/drills.ts';
import { findAlertOfDrill, type HealthAlertRow, listOpenAlerts } from '#db/health-alerts.ts';
import type { Actor } from '#src/core/actor.ts';
import { probeOf } from '#src/health/probes.ts';
import { participantsOf } from '#src/incidents/drill-mark.ts';
import { mayRun } from '#src/policy/authorise.ts';
import type { Runner } from '#src/runner/runner.ts';
import type { Block } from '../block-kit.ts';
import { renderButtons } from '../render/render-buttons.ts';
import { lines, own, piece, words } from '../render/rich-text.ts';

const SHOWN_MAX = 5;

/** The alerts that nobody has, for whoever may take them; of a drill only for those who take part. */
export async function alertBlocks(runner: Runner, actor: Actor): Promise<Block[]> {
  const take = runner.commands.find(({ name }) => name === 'alert acknowledge');
  if (!take || !mayRun(runner.settings, take, actor)) return [];
  const sql = runner.database.knex;
  const open = [...(await listOpenAlerts(sql)), ...(await practisedBy(sql, actor))];
  const free = open.filter(({ acknowledged_at: at }) => at === null);
  return free
    .slice(0, SHOWN_MAX)
    .flatMap((alert) => [
      lines([
        [words(`${probeOf(alert.probe_id)?.title ?? alert.probe_id}: ${alert.detail}`, 200, { bold: true })],
        [own('Nobody has it · since '), piece({ at: alert.began_at }, 60)],
      ]),
      ...renderButtons([{ kind: 'command', label: 'I have it', line: `alert acknowledge ${alert.id}` }]),
    ]);
}

async function practisedBy(sql: Sql, actor: Actor): Promise<HealthAlertRow[]> {
  const drill = await findOpenDrill(sql);
  if (!drill || !participantsOf(drill).some(({ person }) => person === actor.person)) return [];
  const alert = await findAlertOfDrill(sql, drill.id);
  return alert && alert.recovered_at === null ? [alert] : [];
}
