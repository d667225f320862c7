import type { Peerline, PeerlineView } from "@peerline/client";
import { type FaultState, type FaultSwitches, lastingFaults, momentaryFaults } from "@peerline/client/faults";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { focusOnMount } from "../ui/focus-on-mount.ts";
import { Icon } from "../ui/icon.tsx";
import { faultTexts } from "./fault-texts.ts";

export interface FaultDrawerProps {
  readonly isOpen: Signal<boolean>;
  readonly view: ReadonlySignal<PeerlineView>;
  readonly faults: ReadonlySignal<FaultState>;
  readonly switches: Pick<FaultSwitches, "trigger" | "set">;
  readonly peerline: Pick<Peerline, "networkChanged">;
}

/** A button in the corner and, when it is open, everything that can be broken. Over any page. */
export function FaultDrawer(props: FaultDrawerProps) {
  const { isOpen } = props;
  const toggle = useRef<HTMLButtonElement>(null);
  const close = () => {
    isOpen.value = false;
    toggle.current?.focus();
  };
  return (
    <div class="faults">
      {isOpen.value && <FaultPanel {...props} onClose={close} />}
      <button
        type="button"
        class="button faults-toggle"
        ref={toggle}
        aria-expanded={isOpen.value}
        aria-controls="fault-panel"
        data-testid="faults"
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <Icon name="warning" size={18} />
        {faultTexts.open}
      </button>
    </div>
  );
}

function FaultPanel({
  view,
  faults,
  switches,
  peerline,
  onClose,
}: FaultDrawerProps & { readonly onClose: () => void }) {
  return (
    <aside
      id="fault-panel"
      class="faults-panel"
      aria-labelledby="fault-title"
      data-testid="fault-panel"
      onKeyDown={({ key }) => key === "Escape" && onClose()}
    >
      <header class="faults-header">
        <h2 id="fault-title" tabIndex={-1} ref={focusOnMount}>
          {faultTexts.title}
        </h2>
        <button type="button" class="icon-button" aria-label={faultTexts.close} onClick={onClose}>
          <Icon name="close" size={20} />
        </button>
      </header>
      <p class="quiet small">{faultTexts.lead}</p>
      <FaultFacts view={view.value} token={faults.value.token} />
      <h3>{faultTexts.lasting}</h3>
      {lastingFaults.map((fault) => (
        <FaultSwitch
          key={fault}
          id={fault}
          {...faultTexts.switches[fault]}
          isOn={faults.value.on[fault]}
          onFlip={(on) => switches.set(fault, on)}
        />
      ))}
      <h3>{faultTexts.once}</h3>
      {momentaryFaults.map((fault) => (
        <FaultButton
          key={fault}
          id={fault}
          {...faultTexts.momentary[fault]}
          times={faults.value.times[fault]}
          onPress={() => switches.trigger(fault)}
        />
      ))}
      <FaultButton
        id="network-change"
        name={faultTexts.networkChange}
        hint={faultTexts.networkChangeHint}
        onPress={() => peerline.networkChanged()}
      />
    </aside>
  );
}

function FaultFacts({ view, token }: { readonly view: PeerlineView; readonly token: FaultState["token"] }) {
  const { link, call, details } = view;
  const facts = [
    [faultTexts.link, "fault-link", faultTexts.linkState[link]],
    [faultTexts.call, "fault-call", call?.phase ?? faultTexts.noCall],
    [faultTexts.connection, "fault-connection", details?.states?.connection ?? faultTexts.noConnection],
    [faultTexts.token, "fault-token", faultTexts.tokenState[token]],
  ] as const;
  return (
    <dl class="faults-facts">
      {facts.map(([label, id, value]) => (
        <div key={id}>
          <dt>{label}</dt>
          <dd data-testid={id}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface FaultSwitchProps {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly isOn: boolean;
  readonly onFlip: (on: boolean) => void;
}

function FaultSwitch({ id, name, hint, isOn, onFlip }: FaultSwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      class="faults-item"
      aria-checked={isOn}
      aria-describedby={`fault-hint-${id}`}
      data-testid={`fault-${id}`}
      onClick={() => onFlip(!isOn)}
    >
      <span class="faults-name">{name}</span>
      <span id={`fault-hint-${id}`} class="faults-hint">
        {hint}
      </span>
      <span class="faults-knob" aria-hidden="true" />
    </button>
  );
}

interface FaultButtonProps {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly times?: number;
  readonly onPress: () => void;
}

function FaultButton({ id, name, hint, times = 0, onPress }: FaultButtonProps) {
  return (
    <button
      type="button"
      class="faults-item"
      aria-describedby={`fault-hint-${id}`}
      data-testid={`fault-${id}`}
      onClick={onPress}
    >
      <span class="faults-name">{name}</span>
      <span id={`fault-hint-${id}`} class="faults-hint">
        {hint}
      </span>
      {times > 0 && <span class="faults-times">{faultTexts.times(times)}</span>}
    </button>
  );
}
