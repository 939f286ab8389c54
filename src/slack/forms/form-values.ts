import { inputName } from './input-block.ts';

type State = Record<
  string,
  Record<
    string,
    {
      value?: string | null;
      selected_option?: { value: string } | null;
      selected_options?: { value: string }[];
      files?: { id: string }[];
    }
  >
>;

/** What a person put into a form, by input name; empty fields are left out. */
export function formValues(values: unknown): Record<string, string> {
  const raw: Record<string, string> = {};
  for (const [blockId, actions] of Object.entries((values ?? {}) as State)) {
    const name = inputName(blockId);
    const field = Object.values(actions)[0];
    const value =
      field?.selected_option?.value ??
      field?.selected_options?.[0]?.value ??
      field?.files?.[0]?.id ??
      field?.value;
    if (name !== null && typeof value === 'string' && value.trim() !== '') raw[name] = value;
  }
  return raw;
}
