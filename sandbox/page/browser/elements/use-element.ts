import { useState } from 'preact/hooks';
import type { ActValue } from '../../../slack/client-contract.ts';
import { useSurface } from '../blocks/surface.ts';
import { type Json, recordAt, textAt } from '../read-json.ts';
import { initialValue } from './initial-value.ts';

/** How an element is tied to the label, hint and error of its input block. */
export type Field = {
  inputId: string;
  labelId: string;
  describedBy: string;
  isInvalid: boolean;
  /** Whether a change inside an input block is also told to Lucy. */
  dispatches: boolean;
};

export type ElementProps = { element: Json; blockId: string; field?: Field };

/** What an element shows and how it reports; outside an input block every change is also an action. */
export function useElement({ element, blockId, field }: ElementProps) {
  const surface = useSurface();
  const [isPending, setPending] = useState(false);
  const [asking, setAsking] = useState<ActValue | null>(null);
  const actionId = textAt(element, 'action_id');
  const dispatches = field === undefined || field.dispatches;

  const send = async (value: ActValue) => {
    setAsking(null);
    setPending(true);
    await surface.click(blockId, actionId, value);
    setPending(false);
  };
  const report = (value: ActValue) => {
    if (recordAt(element, 'confirm') !== null) setAsking(value);
    else void send(value);
  };
  return {
    value: surface.values[blockId]?.[actionId] ?? initialValue(element),
    isPending,
    /** The value that waits for the confirm dialog's answer. */
    asking,
    confirm: () => (asking === null ? undefined : void send(asking)),
    dismiss: () => setAsking(null),
    press: report,
    /** Remembers without telling, as while typing. */
    remember: (value: ActValue) => surface.change(blockId, actionId, value),
    choose: (value: ActValue) => {
      surface.change(blockId, actionId, value);
      if (dispatches) report(value);
    },
    suggest: (query: string) => surface.suggest(blockId, actionId, query),
  };
}

/** The accessible tie between a control and its label, hint and error; without a field, `name` is the label. */
export function labelling(field: Field | undefined, name: string): Record<string, unknown> {
  if (field === undefined) return { 'aria-label': name };
  return {
    id: field.inputId,
    'aria-describedby': field.describedBy || undefined,
    'aria-invalid': field.isInvalid,
  };
}
