import type { ModalView } from '../block-kit.ts';
import type { Caller } from '../identity/members.ts';

/** A modal that was submitted. `pointer` is its private_metadata: the id of a row, never more. */
export type Submission = {
  caller: Caller;
  key: string;
  viewId: string;
  callbackId: string;
  pointer: string;
  values: unknown;
};

/** What the modal becomes. Errors also come as the whole form, for when the acknowledgement was already given. */
export type ViewAnswer =
  | { response_action: 'update'; view: ModalView }
  /** The answer stands elsewhere. */
  | { response_action: 'clear' }
  | { response_action: 'errors'; errors: Record<string, string>; formAgain: ModalView };
