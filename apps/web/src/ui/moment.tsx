import { momentOf, timeText, whenText } from "../state/moment.ts";

/** When something was, in ms since 1970; nothing where the number is no date. Every date on the screen is one of these. */
export function Moment({
  at,
  class: className,
  withDay = false,
}: {
  readonly at: number | undefined;
  readonly class: string;
  /** Tells the day too, unless it is today. */
  readonly withDay?: boolean;
}) {
  const moment = momentOf(at);
  if (!moment) return null;
  return (
    <time class={className} dateTime={moment.toISOString()}>
      {withDay ? whenText(moment, new Date()) : timeText(moment)}
    </time>
  );
}
