/** True in `npm run test:nightly`: the same properties on more data. */
export const NIGHTLY = process.env.VIGIE_NUIT === '1';

/** How many times more runs a property has at night. */
export const RUNS_FACTOR = NIGHTLY ? 8 : 1;

/** So much by day, and so much at night. */
export const byDay = <T>(day: T, night: T): T => (NIGHTLY ? night : day);
