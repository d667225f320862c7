/** Flags of every Chromium that the tests start: devices that need no person, and no traffic of its own. */
export const chromiumArgs: readonly string[] = [
  "--no-sandbox",
  // Half of the usual rate: two pages and a bot share the processors, and encoding is most of what they do.
  "--use-fake-device-for-media-stream=fps=10",
  "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
  "--disable-background-networking",
  "--disable-quic",
];

/** The same for a person who refuses microphone and camera. */
export const refusingArgs: readonly string[] = chromiumArgs.map((flag) =>
  flag === "--use-fake-ui-for-media-stream" ? `${flag}=deny` : flag,
);
