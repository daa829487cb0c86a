import fc from 'fast-check';

/** Where generated cases start: one for each state of the sources (`vitest.config.ts`), or what a failure printed. */
export const seedOfRun = (): number => Number(process.env.SWITCHYARD_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** What is committed tries the same cases wherever it is tested; the next commit tries others. */
fc.configureGlobal({ seed: seedOfRun() });

export { fc };
