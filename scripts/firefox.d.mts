/** See firefox.mjs. */
export function findFirefox(env?: Readonly<Record<string, string | undefined>>): string | undefined;
