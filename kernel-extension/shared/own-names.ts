/** What compiled cells call what the kernel gives them; cells cannot use these names. */

/** The accessors of a cell's own names. */
export const OWN_NAMES = '__fleche_own';
/** What `import(…)` calls. */
export const DYNAMIC_IMPORT = '__fleche_import';
/** What `import.meta` is. */
export const IMPORT_META = '__fleche_meta';
