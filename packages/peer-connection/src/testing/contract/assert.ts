/** A case of the contract that does not hold. */
export class ContractFailure extends Error {
  override readonly name = "ContractFailure";
}

/** Throws a `ContractFailure` naming `what` unless `condition` holds. */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new ContractFailure(what);
}

/** Compares two JSON values as a whole. */
export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  assert(got === wanted, `${what}: expected ${wanted}, got ${got}`);
}

const pollMs = 5;

/** Looks until `condition` holds; after `deadlineMs` throws a `ContractFailure` naming `what` and `detail()`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  deadlineMs: number,
  what: string,
  detail: () => string = () => "",
): Promise<void> {
  const giveUpAt = Date.now() + deadlineMs;
  while (!(await condition())) {
    assert(Date.now() < giveUpAt, `not within ${deadlineMs} ms: ${what} ${detail()}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
