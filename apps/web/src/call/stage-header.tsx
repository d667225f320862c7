import type { CallView } from "@peerline/call-machine";
import type { CallDetails } from "@peerline/client";
import type { Signal } from "@preact/signals";
import { clockText } from "../state/duration.ts";
import { useSession } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { focusOnMount } from "../ui/focus-on-mount.ts";
import { Icon } from "../ui/icon.tsx";
import { useTicks } from "../ui/use-now.ts";
import { usePhaseText } from "./use-phase-text.ts";

const timerPeriodMs = 500;

/** Who, where the call is, how long, and the path it takes. */
export function StageHeader({
  call,
  details,
  showsConnection,
}: {
  readonly call: CallView;
  readonly details: CallDetails | undefined;
  readonly showsConnection: Signal<boolean>;
}) {
  const states = call.phase === "dialing" || call.phase === "ringing" ? undefined : details?.states;
  return (
    <header class="stage-header">
      <div class="stage-title">
        <h1 tabIndex={-1} ref={focusOnMount}>
          {call.remote.displayName}
        </h1>
        <p class="stage-progress">
          <PhaseWords call={call} />
          {call.liveSince !== undefined && <CallTimer callId={call.callId} />}
        </p>
      </div>
      {states && <States states={states} />}
      {states && details && <PathButton details={details} showsConnection={showsConnection} />}
    </header>
  );
}

function PhaseWords({ call }: { readonly call: CallView }) {
  return (
    <span class="call-phase" data-testid="call-phase" data-phase={call.phase}>
      {usePhaseText(call)}
    </span>
  );
}

function CallTimer({ callId }: { readonly callId: string }) {
  const { talkedMs } = useSession();
  useTicks(timerPeriodMs);
  return (
    <span class="call-timer" role="timer" aria-label={texts.call.duration} data-testid="call-timer">
      {clockText(talkedMs(callId))}
    </span>
  );
}

/** The W3C states as they change. DESIGN 7, row 3. */
function States({ states }: { readonly states: NonNullable<CallDetails["states"]> }) {
  return (
    <p class="stage-states">
      <span>
        {texts.connection.state} <b data-testid="connection-state">{states.connection}</b>
      </span>
      <span>
        {texts.connection.iceState} <b data-testid="ice-connection-state">{states.iceConnection}</b>
      </span>
    </p>
  );
}

function PathButton({
  details,
  showsConnection,
}: {
  readonly details: CallDetails;
  readonly showsConnection: Signal<boolean>;
}) {
  const path = details.stats?.selectedPair?.path;
  const words = path ? texts.connection.path[path] : texts.connection.unknownPath;
  return (
    <button
      type="button"
      class="chip"
      aria-expanded={showsConnection.value}
      aria-label={texts.connection.open(words)}
      id="connection-toggle"
      onClick={() => {
        showsConnection.value = !showsConnection.value;
      }}
    >
      {path && <Icon name="lock" size={16} />}
      <span data-testid="path" data-path={path}>
        {words}
      </span>
    </button>
  );
}
