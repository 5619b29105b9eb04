/** What is in a bag is damaged, or is something that JavaScript has no kind for. */
export class BagContentError extends Error {
  override readonly name = 'BagContentError';
}
