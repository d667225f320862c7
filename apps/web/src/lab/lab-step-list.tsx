import { Icon } from "../ui/icon.tsx";
import type { LabDesk } from "./lab-desk.ts";
import { labSteps } from "./lab-steps.ts";
import { labTexts } from "./lab-texts.ts";

/** The five buttons, each open only when the machine can take it. */
export function LabStepList({ desk, other }: { readonly desk: LabDesk; readonly other: string }) {
  const view = desk.view.value;
  const steps = labSteps({
    isRegistered: desk.isRegistered.value,
    link: view?.link,
    isPinging: desk.ping.isPinging.value,
    pongMs: desk.ping.pongMs.value,
    call: view?.call,
  });
  return (
    <section class="lab-panel" aria-labelledby="lab-steps-title">
      <h2 id="lab-steps-title">{labTexts.steps}</h2>
      <ol class="lab-steps">
        {steps.map(({ id, isEnabled, isDone }, index) => (
          <li key={id} class="lab-step" data-done={isDone}>
            <span class="lab-number" aria-hidden="true">
              {isDone ? <Icon name="check" size={16} /> : index + 1}
            </span>
            <div>
              <button
                type="button"
                class={stepClass(id, isEnabled)}
                disabled={!isEnabled}
                aria-describedby={`lab-hint-${id}`}
                data-testid={`lab-${id}`}
                onClick={() => desk.run(id)}
              >
                {labTexts.step[id](other)}
                {isDone && <span class="visually-hidden"> ({labTexts.done})</span>}
              </button>
              <p class="quiet small" id={`lab-hint-${id}`}>
                {labTexts.stepHint[id](other)}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function stepClass(id: string, isEnabled: boolean): string {
  if (!isEnabled) return "button";
  return id === "hang-up" ? "button button-danger" : "button button-primary";
}
