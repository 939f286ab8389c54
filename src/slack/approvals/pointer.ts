/** What a button or a modal carries: which approval, and which world its card showed. Neither says what is decided. */
export type Pointer = { approvalId: string; basis: string };

/** `apr_…:0123456789abcdef` */
export function readPointer(value: string): Pointer {
  const [approvalId = '', basis = ''] = value.split(':');
  return { approvalId, basis };
}
