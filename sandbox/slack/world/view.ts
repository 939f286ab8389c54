import type { Json } from '../json.ts';

/** Block id, then action id, then Slack's shape of the present value: `state.values`. */
export type FormValues = Record<string, Record<string, Json>>;

/** A view as Slack keeps it; `viewPayload` adds the state. */
export type View = {
  id: string;
  team_id: string;
  type: 'modal' | 'home';
  blocks: Json[];
  private_metadata: string;
  callback_id: string;
  hash: string;
  title: Json | null;
  close: Json | null;
  submit: Json | null;
  clear_on_close: boolean;
  notify_on_close: boolean;
  previous_view_id: string | null;
  root_view_id: string;
  app_id: string;
  external_id: string;
  app_installed_team_id: string;
  bot_id: string;
};

/** A view on someone's screen. */
export type ShownView = {
  view: View;
  owner: string;
  /** What this person typed or chose; untouched inputs are absent. */
  values: FormValues;
  /** Sentences below inputs, by block id. */
  errors: Record<string, string>;
  /** A submission is on its way. */
  isPending: boolean;
};
