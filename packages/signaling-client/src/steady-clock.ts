import { type Clock, wallTime } from "@peerline/call-machine";

/**
 * A clock that never goes back, over one that may: when the platform's is set back, it goes on from where it was, so that no deadline moves
 * away. Set forward it cannot be told from a sleep, and is treated like one. Row 75.
 */
export function steadyClock(platform: Clock): Clock {
  let last = platform.now();
  let gained = 0;
  const now = (): number => {
    const reading = platform.now();
    if (reading < last) gained += last - reading;
    last = reading;
    return reading + gained;
  };
  return {
    now,
    setTimer: (at, run) => platform.setTimer(at - now() + platform.now(), run),
    ...(platform.wall && { wall: () => wallTime(platform) }),
  };
}
