/** Locks as https://www.w3.org/TR/web-locks/ has them: one holder, the others in a queue, and thieves. */
export interface FakeLocks {
  /** The locks as the page of one tab sees them. */
  of(page: object): LockManager;
  /** The page is gone, with all that it holds and waits for. */
  drop(page: object): void;
}

interface Request {
  readonly name: string;
  readonly page: object;
  readonly grant: () => void;
  readonly lose: () => void;
  isHeld: boolean;
}

export function createFakeLocks(): FakeLocks {
  const requests: Request[] = [];
  const holderOf = (name: string) => requests.find((known) => known.name === name && known.isHeld);

  function remove(request: Request): void {
    const index = requests.indexOf(request);
    if (index >= 0) requests.splice(index, 1);
    const next = requests.find((known) => known.name === request.name);
    if (next && !holderOf(request.name)) hold(next);
  }

  function hold(request: Request): void {
    request.isHeld = true;
    queueMicrotask(request.grant);
  }

  function ask(
    page: object,
    name: string,
    options: LockOptions,
    run: LockGrantedCallback<unknown>,
  ): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const holder = holderOf(name);
    if (options.ifAvailable && holder) {
      queueMicrotask(() => resolve(run(null)));
      return promise;
    }
    const request: Request = {
      name,
      page,
      isHeld: false,
      async grant() {
        resolve(await run({ name, mode: "exclusive" }));
        remove(request);
      },
      lose() {
        reject(new DOMException("stolen or given up", "AbortError"));
        remove(request);
      },
    };
    options.signal?.addEventListener("abort", () => !request.isHeld && request.lose());
    if (options.steal) requests.unshift(request);
    else requests.push(request);
    if (options.steal || !holder) hold(request);
    if (options.steal) holder?.lose();
    return promise;
  }

  return {
    of: (page) =>
      ({
        request: (name: string, options: LockOptions, run: LockGrantedCallback<unknown>) =>
          ask(page, name, options, run),
      }) as unknown as LockManager,
    drop(page) {
      for (const request of requests.filter((known) => known.page === page)) remove(request);
    },
  };
}
