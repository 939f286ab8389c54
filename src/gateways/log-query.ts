import type { Settings } from '#src/core/settings.ts';

export type LogIndexSettings = Settings['log_index'];

/** Which lines: those that hold one of these ids, between two moments (milliseconds). */
export type LogQuestion = { ids: readonly string[]; from: number; to: number };

/** Ids are looked for literally; what is no id, such as a sentence, would match half the log. */
const IDS_MAX = 20;

/**
 * LogQL: the lines of the selected streams that hold one of the ids, their JSON taken apart
 * (grafana.com/docs/loki/latest/query/log_queries).
 */
export function logQl({ selector }: LogIndexSettings, ids: readonly string[]): string {
  const wanted = ids.slice(0, IDS_MAX);
  const [only = ''] = wanted;
  const filter = wanted.length === 1 ? `|= ${quoted(only)}` : `|~ ${quoted(wanted.map(literally).join('|'))}`;
  return `${selector} ${filter} | json`;
}

/** Support runbook section 1: the history of the changes is found with `event:"entitlement_change"`. */
export function changesQl(settings: LogIndexSettings, ids: readonly string[]): string {
  return `${logQl(settings, ids)} | event="entitlement_change"`;
}

/** For an index that Lucy cannot ask: most read this (Lucene, KQL, Datadog). */
export function plainQuery(ids: readonly string[]): string {
  return ids.slice(0, IDS_MAX).map(quoted).join(' OR ');
}

/** Where people open it in a browser; null where the settings name no such place. */
export function logLink(settings: LogIndexSettings, question: LogQuestion): string | null {
  const { link } = settings;
  return link === undefined
    ? grafanaLink(settings, question, logQl(settings, question.ids))
    : filled(link, question);
}

/** The same place with the changes of tier and access alone; null where it cannot be asked for them. */
export function changesLink(settings: LogIndexSettings, question: LogQuestion): string | null {
  return settings.link === undefined
    ? grafanaLink(settings, question, changesQl(settings, question.ids))
    : null;
}

function grafanaLink({ grafana }: LogIndexSettings, { from, to }: LogQuestion, expr: string): string | null {
  if (grafana === undefined) return null;
  const pane = {
    datasource: grafana.datasource,
    queries: [
      {
        refId: 'A',
        datasource: { type: 'loki', uid: grafana.datasource },
        expr,
      },
    ],
    range: { from: String(from), to: String(to) },
  };
  const panes = encodeURIComponent(JSON.stringify({ lucy: pane }));
  return `${grafana.url.replace(/\/+$/, '')}/explore?schemaVersion=1&orgId=1&panes=${panes}`;
}

function filled(template: string, { ids, from, to }: LogQuestion): string {
  const values: Readonly<Record<string, string>> = {
    query: plainQuery(ids),
    from: String(from),
    to: String(to),
    from_iso: new Date(from).toISOString(),
    to_iso: new Date(to).toISOString(),
  };
  return template.replace(/\{(query|from_iso|to_iso|from|to)\}/g, (_whole, name: string) =>
    encodeURIComponent(values[name] ?? ''),
  );
}

/** A string as Go reads it: JSON’s escapes are among Go’s, so an id with a quotation mark ends nothing. */
function quoted(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

/** For RE2, in which Loki filters lines. */
function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
