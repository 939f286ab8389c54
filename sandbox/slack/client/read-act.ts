import { z } from 'zod';

const message = z.object({ channel: z.string(), ts: z.string() });
const where = z.union([
  z.object({ message }),
  z.object({ viewId: z.string() }),
  z.object({ home: z.literal(true) }),
]);
const value = z.looseObject({ type: z.string() });
const element = { where, blockId: z.string(), actionId: z.string() };
const as = z.string();
const file = { name: z.string().min(1).max(255), base64: z.base64() };
const formValues = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())));

const act = z.discriminatedUnion('kind', [
  z.object({
    as,
    kind: z.literal('say'),
    channel: z.string(),
    text: z.string(),
    threadTs: z.string().optional(),
  }),
  z.object({ as, kind: z.literal('click'), ...element, value, state: formValues.optional() }),
  z.object({ as, kind: z.literal('choose-file'), ...file }),
  z.object({ as, kind: z.literal('share-file'), channel: z.string(), ...file }),
  z.object({ as, kind: z.literal('submit'), viewId: z.string(), state: formValues }),
  z.object({ as, kind: z.literal('close-modal'), viewId: z.string() }),
  z.object({ as, kind: z.literal('open-home') }),
  z.object({ as, kind: z.literal('shortcut'), callbackId: z.string(), message }),
  z.object({ as, kind: z.literal('pin'), message }),
  z.object({ as, kind: z.literal('join'), channel: z.string() }),
  z.object({ as, kind: z.literal('suggest'), ...element, query: z.string() }),
]);

export type ReadAct = z.infer<typeof act>;

/** What the page sent, or null when it is none of the acts of `client-contract.ts`. */
export function readAct(body: unknown): ReadAct | null {
  return act.safeParse(body).data ?? null;
}
