import { askUrl } from '#src/gateways/ask-url.ts';
import { down, ok, type Probe } from '../probe.ts';

/** Playbook, downtime response 1: confirm the outage via `/health`. */
export const product: Probe = {
  id: 'product',
  title: 'The product',
  effect: 'Customers cannot use it.',
  firstStep: 'Look at what was released last, and at the host’s status page.',
  async look({ settings }) {
    const url = settings.health.product_url;
    if (url === undefined) return null;
    const answer = await askUrl(url);
    const { host, pathname } = new URL(url);
    const shown = `${host}${pathname}`;
    if (answer.status === null) return down(`${shown} cannot be reached: ${answer.problem}.`);
    return answer.status >= 200 && answer.status < 300
      ? ok(`${shown} answers.`)
      : down(`${shown} answers ${answer.status}.`);
  },
};
