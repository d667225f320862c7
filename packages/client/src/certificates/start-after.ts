import type { SignalingPort } from "@peerline/call-machine";

/** The same port, whose session begins once `ready` settles: what it restores may need what is read until then. */
export function startAfter<P extends SignalingPort>(port: P, ready: Promise<void>): P {
  let stopped = false;
  return {
    ...port,
    start(receive) {
      void ready.then(() => {
        if (!stopped) port.start(receive);
      });
    },
    stop(intent) {
      stopped = true;
      port.stop(intent);
    },
  };
}
