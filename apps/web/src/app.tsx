import type { FunctionComponent } from "preact";
import { CallScreen } from "./screens/call-screen.tsx";
import { MessageScreen } from "./screens/message-screen.tsx";
import { NotFoundScreen } from "./screens/not-found-screen.tsx";
import { PeopleScreen } from "./screens/people-screen.tsx";
import { SignedIn } from "./screens/signed-in.tsx";
import { StartScreen } from "./screens/start-screen.tsx";
import { WhenBroken } from "./screens/when-broken.tsx";
import type { OpenPeerline } from "./state/open-peerline.ts";
import { hrefFor, type PageParams, pathWithin, readParams, serverUrl } from "./state/page-params.ts";
import { texts } from "./state/texts.ts";
import { toUser } from "./state/user-name.ts";
import type { TabPorts } from "./tabs/tab-desk.ts";
import { AddressProvider, useAddress } from "./ui/address.tsx";

/** What a page outside of a session is given. */
export interface PageProps {
  readonly open: OpenPeerline;
  readonly params: PageParams;
  readonly serverUrl: string;
}

export interface AppProps {
  readonly open: OpenPeerline;
  readonly tabs: TabPorts;
  /** Pages for development by their path. Default: none. */
  readonly pages?: Readonly<Record<string, FunctionComponent<PageProps>>>;
}

/** The whole client. `open` makes the Peerline of whoever signs in; `tabs` leads to the browser's other tabs. */
export function App(props: AppProps) {
  return (
    <WhenBroken>
      <AddressProvider>
        <Pages {...props} />
      </AddressProvider>
    </WhenBroken>
  );
}

function Pages({ open, tabs, pages = {} }: AppProps) {
  const { url } = useAddress();
  const path = pathWithin(url.pathname) ?? "";
  const params = readParams(url.search);
  const server = serverUrl({
    asked: params.server,
    configured: import.meta.env.VITE_PEERLINE_SERVER,
    hostname: location.hostname,
    port: import.meta.env.VITE_PEERLINE_SERVER_PORT,
  });
  if (server === undefined)
    return (
      <MessageScreen
        text={texts.app.badServer(params.server ?? "")}
        way={{ href: hrefFor("/", {}), label: texts.app.toSignIn }}
      />
    );
  const Page = pages[path];
  if (Page) return <Page open={open} params={params} serverUrl={server} />;
  if (params.as === undefined || toUser(params.as) === "") return <StartScreen params={params} />;
  return (
    <SignedIn
      key={`${params.as} ${server}`}
      open={open}
      tabs={tabs}
      name={params.as}
      serverUrl={server}
      params={params}
    >
      <Screen path={path} />
    </SignedIn>
  );
}

/** An id is 32 hex digits: nothing in an address has to be decoded. */
function Screen({ path }: { readonly path: string }) {
  const [, id] = /^\/call\/(\w+)$/.exec(path) ?? [];
  if (id) return <CallScreen id={id} />;
  return path === "/" ? <PeopleScreen /> : <NotFoundScreen />;
}
