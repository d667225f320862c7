/** The parts of docs/reliability.md that are written by a run: between `<!-- name -->` and `<!-- /name -->`. */

/** The document with these parts in the places of the old ones. Throws for a place that is not there. */
export function withParts(document, parts) {
  return Object.entries(parts).reduce((text, [name, lines]) => {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [text.indexOf(open), text.indexOf(close)];
    if (from < 0 || to < from) {
      throw new Error(`docs/reliability.md has no place for "${name}": put ${open} and ${close} into it`);
    }
    return `${text.slice(0, from + open.length)}\n\n${lines.join("\n").trim()}\n\n${text.slice(to)}`;
  }, document);
}

/**
 * The measured figures as a table. `records` are those that the commands keep: `{ figure, what, command, date, runs,
 * seed, machine, result }`; `goals` names what each is measured against.
 */
export function figuresTable(records, goals) {
  return [
    "| figure | goal | measured | how | when |",
    "|---|---|---|---|---|",
    ...records.map((record) => figureLine(record, goals[record.figure] ?? "–")),
  ];
}

function figureLine({ what, command, date, runs, seed, machine, result }, goal) {
  const measured = Object.entries(result)
    .filter(([, value]) => !Array.isArray(value))
    .map(([name, value]) => measuredValue(name, value))
    .join("<br>");
  const how = [`\`${command}\``, `${grouped(runs)} runs`, ...(seed === undefined ? [] : [`seed ${seed}`])];
  const load = machine === undefined ? "" : `<br>${machine.processors} cores, load ${machine.loadBefore}`;
  return `| ${what} | ${goal} | ${measured} | ${how.join("<br>")} | ${date.slice(0, 10)}${load} |`;
}

const units = { Ms: "ms", Seconds: "s", Hours: "h", KiB: "KiB", MiB: "MiB", MB: "MB", Percent: "%" };

/** `mediaGapP50Ms` of 12000 reads "media gap p50: 12,000 ms". */
function measuredValue(name, value) {
  const unit = Object.keys(units).find((ending) => name.endsWith(ending));
  const words = (unit ? name.slice(0, -unit.length) : name).replaceAll(
    /([A-Z])/g,
    (letter) => ` ${letter.toLowerCase()}`,
  );
  return `${words || "took"}: ${grouped(value)}${unit ? ` ${units[unit]}` : ""}`;
}

function grouped(value) {
  return typeof value === "number" ? value.toLocaleString("en-US") : value;
}
