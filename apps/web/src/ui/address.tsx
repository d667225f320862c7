import { type ComponentChildren, createContext } from "preact";
import { useContext, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { pathWithin } from "../state/page-params.ts";

/** The page's address, and the way to another one within the client. */
export interface Address {
  /** As the browser has it: nothing of what a person typed is decoded. */
  readonly url: URL;
  /** Goes to a path of this host. `replace`: the present one is not gone back to. */
  route(path: string, replace?: boolean): void;
}

const AddressContext = createContext<Address | undefined>(undefined);

/** Follows the browser's address, and takes a click on a link within the client as a change of it. */
export function AddressProvider({ children }: { readonly children: ComponentChildren }) {
  const [href, setHref] = useState(() => location.href);
  const address = useMemo<Address>(
    () => ({
      url: new URL(href),
      route(path, replace = false) {
        history[replace ? "replaceState" : "pushState"](null, "", path);
        setHref(location.href);
      },
    }),
    [href],
  );
  useLayoutEffect(() => {
    const stop = new AbortController();
    const onClick = (event: MouseEvent) => {
      const link = linkWithin(event);
      if (link === undefined) return;
      event.preventDefault();
      address.route(link);
    };
    addEventListener("click", onClick, { signal: stop.signal });
    addEventListener("popstate", () => setHref(location.href), { signal: stop.signal });
    return () => stop.abort();
  }, [address]);
  return <AddressContext.Provider value={address}>{children}</AddressContext.Provider>;
}

/** The address around a component. Throws outside of one. */
export function useAddress(): Address {
  const address = useContext(AddressContext);
  if (!address) throw new Error("useAddress needs an AddressProvider around it");
  return address;
}

/** Where a plain click leads, when that is within the client; the browser follows every other link itself. */
function linkWithin(event: MouseEvent): string | undefined {
  const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
  const link = event.composedPath().find((element) => element instanceof HTMLAnchorElement);
  if (!isPlain || !link || event.defaultPrevented || link.download || !/^(_self)?$/.test(link.target))
    return undefined;
  const isOurs = link.origin === location.origin && pathWithin(link.pathname) !== undefined;
  return isOurs && !link.hash ? link.pathname + link.search : undefined;
}
