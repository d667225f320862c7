import {
  type DescEnum,
  type DescField,
  type DescMessage,
  getOption,
  type Registry,
  toJson,
} from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import {
  FieldRulesSchema,
  field as fieldRules,
  oneof as oneofRules,
} from "../src/gen/buf/validate/validate_pb.ts";
import { inputMessages } from "./input-messages.ts";
import { narrowedRules, type RuleSet, ruleSet } from "./narrowed-rules.ts";

/**
 * What a client of `released` may send and a server of `present` refuses, one line each: `Reattach.call_id: required
 * true is new`. Looks at the rules of every message that can arrive from outside; what only the server sends is left
 * out, since it keeps its own rules. The shapes of messages are `buf breaking`'s.
 */
export function narrowedInputs(released: Registry, present: Registry): readonly string[] {
  return [...inputMessages(released)].flatMap((before) => {
    const now = present.getMessage(before.typeName);
    return now ? narrowedMessage(before, now) : [`${before.name}: is gone`];
  });
}

function narrowedMessage(before: DescMessage, now: DescMessage): readonly string[] {
  const fields = now.fields.flatMap((field) => {
    const old = before.fields.find(({ number }) => number === field.number);
    const narrowed = old ? narrowedField(old, field) : narrowedRules({}, onAbsence(field));
    return narrowed.map((rule) => `${now.name}.${field.name}: ${rule}`);
  });
  const oneofs = now.oneofs.flatMap((oneof) => {
    const old = before.oneofs.find(({ name }) => name === oneof.name);
    const isNew = getOption(oneof, oneofRules).required && !(old && getOption(old, oneofRules).required);
    return isNew ? [`${now.name}.${oneof.name}: required true is new`] : [];
  });
  return [...fields, ...oneofs];
}

function narrowedField(before: DescField, now: DescField): readonly string[] {
  const [old, rules] = [rulesOf(before), rulesOf(now)];
  return [...narrowedRules(old, rules), ...lostValues(before.enum, now.enum, old, rules)];
}

/** Numbers that were accepted because the enum had them, and no longer has. */
function lostValues(
  before: DescEnum | undefined,
  now: DescEnum | undefined,
  old: RuleSet,
  rules: RuleSet,
): readonly string[] {
  if (!before || !now || !Object.entries(rules).some(isDefinedOnly)) return [];
  const refused = Object.entries(old).flatMap(([path, value]) => (path.endsWith("not_in") ? value : []));
  return before.values
    .filter(({ number }) => !refused.includes(number) && !now.value[number])
    .map(({ name }) => `the defined ${name} is gone`);
}

function isDefinedOnly([path, value]: readonly [string, unknown]): boolean {
  return path.endsWith("enum.defined_only") && value === true;
}

/** Those rules of a field that refuse a message without it. */
function onAbsence(field: DescField): RuleSet {
  const rules = rulesOf(field);
  const isSeen = field.presence === FeatureSet_FieldPresence.IMPLICIT;
  const refuses = (path: string) =>
    path === "required" ||
    path.startsWith("cel") ||
    /^(repeated\.min_items|map\.min_pairs)$/.test(path) ||
    (isSeen && field.fieldKind !== "list" && field.fieldKind !== "map");
  return Object.fromEntries(Object.entries(rules).filter(([path]) => refuses(path)));
}

function rulesOf(field: DescField): RuleSet {
  const json = toJson(FieldRulesSchema, getOption(field, fieldRules), { useProtoFieldName: true });
  return ruleSet(json);
}
