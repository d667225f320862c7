import wrtc from "@roamhq/wrtc";

/** libwebrtc for Node, as the client's `rtc` option takes it. */
export const nodeRtc = {
  createConnection: (configuration: RTCConfiguration): RTCPeerConnection =>
    new wrtc.RTCPeerConnection(configuration),
};
