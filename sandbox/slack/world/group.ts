export type Group = {
  id: string;
  handle: string;
  name: string;
  members: string[];
  /** A disabled group has a `date_delete` and must grant nothing (slack-facts section 8, usergroups). */
  isDisabled: boolean;
  updatedAt: number;
};
