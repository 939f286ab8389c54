import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ActWhere } from '../../../slack/client-contract.ts';
import { useClient } from '../state/client.ts';
import { Blocks } from './blocks.ts';
import { readFormValues, useFormValues } from './form-values.ts';
import { type Surface, SurfaceContext } from './surface.ts';
import { surfaceState } from './surface-state.ts';

type Props = {
  /** What was typed is kept under this key. */
  formKey: string;
  where: ActWhere;
  blocks: unknown;
  errors?: Record<string, string>;
};

/** Blocks with their values and their way to Lucy. */
export function BlockSurface({ formKey, where, blocks, errors }: Props): VNode {
  const { act } = useClient();
  const { values, change } = useFormValues(formKey);
  const surface: Surface = {
    where,
    values,
    errors: errors ?? {},
    change,
    click: async (blockId, actionId, value) => {
      const state = surfaceState(blocks, readFormValues(formKey));
      await act({ kind: 'click', where, blockId, actionId, value, state });
    },
    suggest: async (blockId, actionId, query) => {
      const answer = await act({ kind: 'suggest', where, blockId, actionId, query });
      return answer.ok ? answer.body : {};
    },
  };
  return html`<${SurfaceContext.Provider} value=${surface}><${Blocks} blocks=${blocks} /><//>`;
}
