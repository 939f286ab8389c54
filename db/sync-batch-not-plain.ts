/** Something that rows in memory do not answer, or not as surely as the database: the pass goes alone. */
export class NotPlain extends Error {}
