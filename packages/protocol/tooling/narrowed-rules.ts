import type { JsonValue } from "@bufbuild/protobuf";

/** The rules of one place by their path, such as `string.max_bytes`, with values as protobuf's JSON writes them. */
export type RuleSet = Readonly<Record<string, JsonValue>>;

const ceilings = new Set(["lt", "lte", "max_len", "max_bytes", "max_items", "max_pairs"]);
const floors = new Set(["gt", "gte", "min_len", "min_bytes", "min_items", "min_pairs"]);
/** From the widest on. */
const ignoring = ["IGNORE_ALWAYS", "IGNORE_IF_ZERO_VALUE", "IGNORE_UNSPECIFIED"];
const exactSizes: Readonly<Record<string, readonly [least: string, most: string]>> = {
  len: ["min_len", "max_len"],
  len_bytes: ["min_bytes", "max_bytes"],
};

/**
 * What `today` refuses and `released` accepted, as one text for each rule. A rule that cannot be proven to be as wide as
 * it was counts as narrower: another pattern, another constant, a rule that is not known here.
 */
export function narrowedRules(released: RuleSet, today: RuleSet): readonly string[] {
  const [before, now] = [inForce(released), inForce(today)];
  const turned = isInsideOut(before) || isInsideOut(now);
  return Object.entries(now)
    .filter(([path, value]) => isNarrower(path, before[path], value, turned))
    .map(([path, value]) =>
      before[path] === undefined
        ? `${path} ${JSON.stringify(value)} is new`
        : `${path} is ${JSON.stringify(value)}, was ${JSON.stringify(before[path])}`,
    );
}

/** The rules of a message of rules in JSON, by path. */
export function ruleSet(json: JsonValue, prefix = ""): RuleSet {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return { [prefix]: json };
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, value]) =>
      Object.entries(ruleSet(value, prefix === "" ? name : `${prefix}.${name}`)),
    ),
  );
}

/** What is evaluated: nothing when all is ignored, an exact size as its two bounds, no examples. */
function inForce(rules: RuleSet): Record<string, JsonValue> {
  if (rules.ignore === "IGNORE_ALWAYS") return {};
  const all = Object.entries(rules).filter(([path]) => nameOf(path) !== "example");
  return Object.fromEntries(
    all.flatMap(([path, value]) => {
      const bounds = exactSizes[nameOf(path)];
      const place = path.slice(0, path.lastIndexOf(".") + 1);
      return bounds ? bounds.map((bound) => [`${place}${bound}`, value] as const) : [[path, value] as const];
    }),
  );
}

function isNarrower(path: string, before: JsonValue | undefined, now: JsonValue, turned: boolean): boolean {
  const name = nameOf(path);
  if (name === "ignore") return ignoring.indexOf(String(now)) > rankOfIgnore(before);
  if (now === false || isSame(before, now)) return false;
  if (Array.isArray(now)) return isNarrowerList(name, Array.isArray(before) ? before : [], now);
  if (before === undefined || turned) return true;
  if (ceilings.has(name)) return !(orderOf(now) >= orderOf(before));
  return floors.has(name) ? !(orderOf(now) <= orderOf(before)) : true;
}

function isNarrowerList(name: string, before: readonly JsonValue[], now: readonly JsonValue[]): boolean {
  const has = (list: readonly JsonValue[], value: JsonValue) => list.some((other) => isSame(other, value));
  if (name === "in") {
    return now.length > 0 && (before.length === 0 || before.some((value) => !has(now, value)));
  }
  return now.some((value) => !has(before, value));
}

function rankOfIgnore(before: JsonValue | undefined): number {
  return ignoring.indexOf(String(before ?? "IGNORE_UNSPECIFIED"));
}

/** A lower bound above the upper one lets through what is outside of both. */
function isInsideOut(rules: RuleSet): boolean {
  return Object.entries(rules).some(([path, low]) =>
    ["gt", "gte"].includes(nameOf(path))
      ? ["lt", "lte"].some((name) => {
          const high = rules[path.replace(/gte?$/, name)];
          return high !== undefined && orderOf(low) >= orderOf(high);
        })
      : false,
  );
}

/** Numbers, whole numbers in quotes, durations ("1.5s") and times in one order each; NaN for what has none. */
function orderOf(value: JsonValue): number {
  const text = String(value);
  return /^-?[\d.]+s$/.test(text)
    ? Number(text.slice(0, -1))
    : text.includes("T")
      ? Date.parse(text)
      : Number(text);
}

function isSame(one: JsonValue | undefined, other: JsonValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
