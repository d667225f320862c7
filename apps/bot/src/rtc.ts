import type { Peerline } from "@peerline/client";
import wrtc from "@roamhq/wrtc";
import { releaseConnection } from "./release.ts";

/** libwebrtc for Node, as the client's `rtc` option takes it. A closed connection is let go of as far as it can be. */
export const nodeRtc = {
  createConnection(configuration: RTCConfiguration): RTCPeerConnection {
    const connection = new wrtc.RTCPeerConnection(configuration);
    const channels: RTCDataChannel[] = [];
    const { close, createDataChannel } = connection;
    return Object.assign(connection, {
      createDataChannel(label: string, init?: RTCDataChannelInit) {
        const channel = createDataChannel.call(connection, label, init);
        channels.push(channel);
        return channel;
      },
      close() {
        close.call(connection);
        releaseConnection(connection, channels.splice(0));
      },
    });
  },
};

/**
 * Keeps libwebrtc's threads running until `close`. They stop with the last open connection, are made anew for the next one,
 * and Node never frees the old ones: without this, each call that sends nothing of its own leaves four of them.
 */
export function holdThreads(peerline: Peerline): Peerline {
  const idle = new wrtc.RTCPeerConnection();
  return {
    ...peerline,
    close(intent) {
      peerline.close(intent);
      idle.close();
    },
  };
}
