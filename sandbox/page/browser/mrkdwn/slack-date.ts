const zone = 'en-GB';

const pieces: Record<string, Intl.DateTimeFormatOptions> = {
  '{date_num}': { year: 'numeric', month: '2-digit', day: '2-digit' },
  '{date}': { year: 'numeric', month: 'long', day: 'numeric' },
  '{date_short}': { year: 'numeric', month: 'short', day: 'numeric' },
  '{date_long}': { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  '{date_slash}': { year: 'numeric', month: '2-digit', day: '2-digit' },
  '{time}': { hour: '2-digit', minute: '2-digit' },
  '{time_secs}': { hour: '2-digit', minute: '2-digit', second: '2-digit' },
};

/** Fills Slack's `<!date^…>` format in the reader's own time zone. */
export function formatSlackDate(seconds: number, format: string, now: Date): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return format;
  return format.replace(/\{[a-z_]+\}/g, (piece) => fill(piece, date, now));
}

function fill(piece: string, date: Date, now: Date): string {
  if (piece === '{ago}') return ago(date, now);
  if (piece === '{date_num}') return date.toLocaleDateString('sv-SE', pieces[piece]);
  if (!piece.endsWith('_pretty}')) {
    const options = pieces[piece];
    return options === undefined ? piece : date.toLocaleString(zone, options);
  }
  const days = Math.round((startOfDay(date) - startOfDay(now)) / 86_400_000);
  if (days === 0) return 'today';
  if (days === -1) return 'yesterday';
  if (days === 1) return 'tomorrow';
  return fill(piece.replace('_pretty', ''), date, now);
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function ago(date: Date, now: Date): string {
  const minutes = Math.round((date.getTime() - now.getTime()) / 60_000);
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (Math.abs(minutes) < 60) return words.format(minutes, 'minute');
  if (Math.abs(minutes) < 1440) return words.format(Math.round(minutes / 60), 'hour');
  return words.format(Math.round(minutes / 1440), 'day');
}
