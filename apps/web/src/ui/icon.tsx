/** Drawn on a 24 × 24 grid with a line of 2. */
const drawings = {
  microphone: "M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3",
  microphoneOff:
    "M9 9v2.5a3 3 0 0 0 4.8 2.4M15 10.5v-4a3 3 0 0 0-5.7-1.3M5.5 11.5a6.5 6.5 0 0 0 10.6 5M18.5 11.5a6.4 6.4 0 0 1-.5 2.5M12 18v3M4 4l16 16",
  camera:
    "M4.5 6.5h8a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-8a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2zM14.5 10.5l6-3.5v10l-6-3.5",
  cameraOff:
    "M8 6.5h4.5a2 2 0 0 1 2 2v2l6-3.5v10l-3-1.75M14.5 15v.5a2 2 0 0 1-2 2h-8a2 2 0 0 1-2-2v-7a2 2 0 0 1 1.2-1.8M4 4l16 16",
  chat: "M5 4.5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2zM8 9h8M8 12.5h5",
  phone:
    "M6 3.5h2.6l1.9 4.7-2.3 1.7a12.5 12.5 0 0 0 5.9 5.9l1.7-2.3 4.7 1.9V18a2.5 2.5 0 0 1-2.7 2.5A16.5 16.5 0 0 1 3.5 6.2 2.5 2.5 0 0 1 6 3.5z",
  hangUp:
    "M12 7.5c-4 0-7.6 1.5-10.1 3.9-.8.8-1 2-.3 3l1.3 2c.6.9 1.6 1.2 2.6.9l2.8-1c.9-.3 1.4-1.1 1.4-2v-1.6a11.6 11.6 0 0 1 4.6 0v1.6c0 .9.5 1.7 1.4 2l2.8 1c1 .3 2 0 2.6-.9l1.3-2c.7-1 .5-2.2-.3-3A14.6 14.6 0 0 0 12 7.5z",
  close: "M6 6l12 12M18 6L6 18",
  lock: "M6.5 10.5h11a1.5 1.5 0 0 1 1.5 1.5v7a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 19v-7a1.5 1.5 0 0 1 1.5-1.5zM8 10.5V7.5a4 4 0 0 1 8 0v3",
  send: "M4 11.5L20 4l-5.5 16-3-6.5zM11.5 13.5L20 4",
  sound: "M4 9.5v5h3.5L12 19V5L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  soundOff: "M4 9.5v5h3.5L12 19V5L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5",
  warning: "M12 4l9 16H3zM12 10v4.5M12 17.2v.1",
  back: "M19 12H5M11 6l-6 6 6 6",
  arrowUp: "M12 19V5M6 11l6-6 6 6",
  arrowDown: "M12 5v14M6 13l6 6 6-6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  echo: "M12 12v.01M8.5 15.5a5 5 0 0 1 0-7M15.5 15.5a5 5 0 0 0 0-7M5.5 18.5a9 9 0 0 1 0-13M18.5 18.5a9 9 0 0 0 0-13",
  signOut: "M10 4.5H6a1.5 1.5 0 0 0-1.5 1.5v12A1.5 1.5 0 0 0 6 19.5h4M10 12h10M16.5 8.5L20 12l-3.5 3.5",
  copy: "M9.5 8.5h9a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 8 19v-9a1.5 1.5 0 0 1 1.5-1.5zM4.5 15.5A1 1 0 0 1 4 14.5V5a1.5 1.5 0 0 1 1.5-1.5H15a1 1 0 0 1 1 .5",
  grow: "M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7",
  shrink: "M20 10h-6V4M14 10l7-7M4 14h6v6M10 14l-7 7",
  hold: "M9 5v14M15 5v14",
  incoming: "M17.5 6.5l-11 11M15 17.5H6.5V9",
  outgoing: "M6.5 17.5l11-11M9 6.5h8.5V15",
  missed: "M4 5l6 6 4-4 6 6M20 8v5h-5M5 19a10.5 10.5 0 0 1 14 0",
} as const;

export type IconName = keyof typeof drawings;

/** A decoration: the words beside it carry the meaning. */
export function Icon({ name, size = 24 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={drawings[name]} />
    </svg>
  );
}
