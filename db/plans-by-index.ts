/**
 * For a transaction on Postgres whose statements are prepared once and find each row by a key. A plan is kept for long, and
 * one that was made while a table was small would read all of it each time, until Postgres next counts its rows. So
 * look-ups are by index from the first, and none is planned anew for its values.
 */
export const plansByIndex =
  'set local enable_seqscan = off; set local plan_cache_mode = force_generic_plan; set local jit = off';
