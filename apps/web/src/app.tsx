import { ErrorBoundary, LocationProvider, lazy, Route, Router, useLocation } from "preact-iso";
import { CallScreen } from "./screens/call-screen.tsx";
import { MessageScreen } from "./screens/message-screen.tsx";
import { NotFoundScreen } from "./screens/not-found-screen.tsx";
import { PeopleScreen } from "./screens/people-screen.tsx";
import { SignedIn } from "./screens/signed-in.tsx";
import { StartScreen } from "./screens/start-screen.tsx";
import type { OpenPeerline } from "./state/open-peerline.ts";
import { readParams, serverUrl } from "./state/page-params.ts";
import { texts } from "./state/texts.ts";
import type { TabPorts } from "./tabs/tab-desk.ts";

const LabScreen = lazy(() => import("./lab/lab-screen.tsx").then((module) => module.LabScreen));

export interface AppProps {
  readonly open: OpenPeerline;
  readonly tabs: TabPorts;
}

/** The whole client. `open` makes the Peerline of whoever signs in; `tabs` leads to the browser's other tabs. */
export function App({ open, tabs }: AppProps) {
  return (
    <LocationProvider>
      <ErrorBoundary>
        <Pages open={open} tabs={tabs} />
      </ErrorBoundary>
    </LocationProvider>
  );
}

function Pages({ open, tabs }: AppProps) {
  const { path, url } = useLocation();
  const params = readParams(new URL(url, location.origin).search);
  const server = serverUrl({
    asked: params.server,
    configured: import.meta.env.VITE_PEERLINE_SERVER,
    hostname: location.hostname,
    port: import.meta.env.VITE_PEERLINE_SERVER_PORT,
  });
  if (server === undefined) return <MessageScreen text={texts.app.badServer(params.server ?? "")} />;
  if (path === "/lab") {
    return (
      <Router>
        <Route path="/lab" component={LabScreen} open={open} address={params} serverUrl={server} />
        <Route default component={MessageScreen} text={texts.app.notFound} />
      </Router>
    );
  }
  if (params.as === undefined) return <StartScreen params={params} />;
  return (
    <SignedIn
      key={`${params.as} ${server}`}
      open={open}
      tabs={tabs}
      name={params.as}
      serverUrl={server}
      params={params}
    >
      <Router>
        <Route path="/" component={PeopleScreen} />
        <Route path="/call/:id" component={CallScreen} />
        <Route default component={NotFoundScreen} />
      </Router>
    </SignedIn>
  );
}
