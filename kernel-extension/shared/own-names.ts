/** What compiled cells call the accessors of their own names; cells cannot use this name. */
export const OWN_NAMES = '__fleche_own';
