import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../ui/icon.tsx";
import type { LabDesk } from "./lab-desk.ts";
import { cellsOf, type LabEntry, logText } from "./lab-log.ts";
import { labTexts } from "./lab-texts.ts";

/** Every signal and every change, the newest at the bottom. */
export function LabLog({ desk, title }: { readonly desk: LabDesk; readonly title: string }) {
  const entries = desk.journal.entries.value;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [entries]);
  const signals = entries.filter(({ kind }) => kind === "signal").length;
  return (
    <section class="lab-panel lab-log" aria-labelledby="lab-log-title">
      <header class="lab-log-header">
        <h2 id="lab-log-title">{labTexts.log}</h2>
        <span class="quiet small" data-testid="lab-signal-count">
          {labTexts.signals(signals)}
        </span>
        <CopyButton text={() => logText(desk.journal.entries.value, desk.journal.startedAt, title)} />
        <button type="button" class="button" data-testid="lab-clear" onClick={() => desk.journal.clear()}>
          {labTexts.clear}
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard */}
      <div class="lab-log-box" ref={box} tabIndex={0}>
        {entries.length === 0 ? (
          <p class="quiet lab-log-empty">{labTexts.empty}</p>
        ) : (
          <LogTable desk={desk} entries={entries} />
        )}
      </div>
    </section>
  );
}

const { column } = labTexts;

function LogTable({ desk, entries }: { readonly desk: LabDesk; readonly entries: readonly LabEntry[] }) {
  return (
    <table>
      <thead>
        <tr>
          {[column.time, column.way, column.what, column.size, column.roundTrip].map((label) => (
            <th key={label} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <LogRow key={entry.id} entry={entry} startedAt={desk.journal.startedAt} />
        ))}
      </tbody>
    </table>
  );
}

function LogRow({ entry, startedAt }: { readonly entry: LabEntry; readonly startedAt: number }) {
  const { time, way, what, size, roundTrip } = cellsOf(entry, startedAt);
  return (
    <tr data-testid={`lab-${entry.kind}`} data-way={way} data-type={what}>
      <td>{time}</td>
      <td>
        {way && <Icon name={way === "sent" ? "arrowUp" : "arrowDown"} size={14} />}
        {way && <span class="visually-hidden">{labTexts[way]}</span>}
      </td>
      <td class="lab-what">{what}</td>
      <td>{size}</td>
      <td>{roundTrip}</td>
    </tr>
  );
}

function CopyButton({ text }: { readonly text: () => string }) {
  const [copied, setCopied] = useState(false);
  const [fallback, setFallback] = useState<string>();

  async function copy(): Promise<void> {
    const all = text();
    try {
      await navigator.clipboard.writeText(all);
      setCopied(true);
      setFallback(undefined);
    } catch {
      setFallback(all);
    }
  }

  return (
    <>
      <button type="button" class="button" data-testid="lab-copy" onClick={() => void copy()}>
        <Icon name={copied ? "check" : "copy"} size={18} />
        <span aria-live="polite">{copied ? labTexts.copied : labTexts.copy}</span>
      </button>
      {fallback !== undefined && (
        <label class="lab-fallback">
          <span>{labTexts.copyFailed}</span>
          <textarea
            readOnly
            rows={6}
            value={fallback}
            data-testid="lab-copy-text"
            ref={(area) => area?.select()}
          />
        </label>
      )}
    </>
  );
}
