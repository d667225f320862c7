/** What the address bar says about who signs in and where. */
export interface PageParams {
  /** Signs in with this name. `undefined`: ask. */
  readonly as: string | undefined;
  /** The other person of the test page. */
  readonly with: string | undefined;
  /** The signaling server's address. */
  readonly server: string | undefined;
  /** A pictured state, in development only. */
  readonly fake: string | undefined;
  /** Fault switches, in builds for tests only. */
  readonly faults: string | undefined;
}

/** Reads `?as=…&with=…&server=…`; empty values count as absent. */
export function readParams(search: string): PageParams {
  const query = new URLSearchParams(search);
  const read = (name: string) => query.get(name)?.trim() || undefined;
  return {
    as: read("as"),
    with: read("with"),
    server: read("server"),
    fake: read("fake"),
    faults: read("faults"),
  };
}

/** The folder that the client was built for, with a slash at both ends. */
const base = import.meta.env.BASE_URL;

/** The address of `path`, such as `/call/1`, below the folder that the client was built for. */
export function addressOf(path: string, folder = base): string {
  return folder + path.slice(1);
}

/** The path within the folder that the client was built for, such as `/call/1`; `undefined` outside of it. Decodes nothing. */
export function pathWithin(pathname: string, folder = base): string | undefined {
  if (!`${pathname}/`.startsWith(folder)) return undefined;
  return `/${pathname.slice(folder.length).replace(/\/+$/, "")}`;
}

/** `path` with the identity kept in the address, so that a reload comes back as the same person. */
export function hrefFor(path: string, params: Partial<PageParams>): string {
  const address = addressOf(path);
  const query = new URLSearchParams();
  for (const name of ["as", "with", "server", "fake", "faults"] as const) {
    const value = params[name];
    if (value) query.set(name, value);
  }
  const text = query.toString();
  return text ? `${address}?${text}` : address;
}

export interface ServerUrlSources {
  readonly asked: string | undefined;
  readonly configured: string;
  readonly hostname: string;
  readonly port: number;
}

/**
 * The signaling server's address: `?server=`, else the build's, else the page's host at `port`. `undefined` when the one that was asked
 * for is no http or https address, or has more to it than a path.
 */
export function serverUrl({ asked, configured, hostname, port }: ServerUrlSources): string | undefined {
  const chosen = asked ?? (configured || `http://${hostname}:${port}`);
  if (!URL.canParse(chosen)) return undefined;
  const { protocol, origin, pathname, search, hash, username, password } = new URL(chosen);
  const isPlain = search + hash + username + password === "";
  const isHttp = protocol === "http:" || protocol === "https:";
  return isPlain && isHttp ? (origin + pathname).replace(/\/+$/, "") : undefined;
}
