/**
 * Magics of your own in notebooks: {@link registerMagic}.
 *
 * @packageDocumentation
 */
export type { MagicArgument, MagicCommand, MagicDescription, MagicOption, MagicValueKind } from './description.js';
export { type Magic, type MagicContext, registerMagic } from './registry.js';
export type { MimeBundle } from './types.js';
