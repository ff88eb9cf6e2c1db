/** Every bill carries the version of the rules that made it; a changed formula is a new version, never an edit. */
export const RULES_VERSION = 1;
