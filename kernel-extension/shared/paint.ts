/** Colours for the parts of an error. */

/** Paints texts; a plain one leaves them as they are. */
export type Paint = Readonly<Record<'error' | 'place' | 'mark' | 'aside', (text: string) => string>>;

const sequence =
  (open: string, close: string) =>
  (text: string): string =>
    text === '' ? '' : `\x1b[${open}m${text}\x1b[${close}m`;
const asIs = (text: string): string => text;

/**
 * The colours that errors have where there are colours; readable on light and on dark ground. Grey is not: on the dark
 * ground of errors in JupyterLab it cannot be seen.
 */
export const colored: Paint = {
  error: sequence('1;31', '22;39'),
  place: sequence('36', '39'),
  mark: sequence('31', '39'),
  aside: asIs,
};

/** No colours. */
export const plain: Paint = { error: asIs, place: asIs, mark: asIs, aside: asIs };
