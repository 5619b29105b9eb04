/** The three serializers, each of which takes what the ones before it take and more. */
export const rungs = ['pickle', 'cloudpickle', 'dill'] as const;

/** One of {@link rungs}. The names are written to disk: they are permanent. */
export type Rung = (typeof rungs)[number];

/** Whether `rung` takes what `needed` is the first to take. */
export function reaches(rung: Rung, needed: Rung): boolean {
  return rungs.indexOf(rung) >= rungs.indexOf(needed);
}

/** Whether `name` is one of {@link rungs}. */
export function isRung(name: string): name is Rung {
  return (rungs as readonly string[]).includes(name);
}
