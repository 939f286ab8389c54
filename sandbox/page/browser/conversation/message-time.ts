/** A Slack ts is seconds with a counter behind the dot. */
export function dateOf(ts: string): Date {
  return new Date(Number.parseFloat(ts) * 1000);
}

/** “14:03”, beside a message. */
export function clockTime(ts: string): string {
  return dateOf(ts).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

/** Date and time to the second, on hover. */
export function fullTime(ts: string): string {
  return dateOf(ts).toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'medium' });
}

/** “Today”, “Yesterday” or the date. */
export function dayName(ts: string, now: Date): string {
  const date = dateOf(ts);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (date.toDateString() === now.toDateString()) return 'Today';
  if (date.toDateString() === yesterday.toDateString()) return 'Yesterday';
  return date.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
}
