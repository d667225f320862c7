import { type DescField, getOption, ScalarType } from "@bufbuild/protobuf";
import { type FieldRules, field as fieldRules } from "../src/gen/buf/validate/validate_pb.ts";
import { inputMessages, presentSchema } from "./input-messages.ts";

/** One field that a client or a peer can fill, and how it is bounded. `limit` is undefined when it is not. */
export interface FieldLimit {
  readonly message: string;
  readonly field: string;
  readonly limit: string | undefined;
}

/** Strings, bytes, lists and maps of every message that a client or a peer can send. */
export function limitsOfInput(): readonly FieldLimit[] {
  return [...inputMessages(presentSchema())].flatMap((message) =>
    message.fields.filter(hasSize).map((field) => ({
      message: message.name,
      field: field.name,
      limit: limitOf(field),
    })),
  );
}

/** The limits as the table of LIMITS.md. */
export function limitsTable(limits: readonly FieldLimit[]): string {
  return [
    "# Limits of the protocol",
    "",
    "Generated from the rules in the schema (`npm run generate`). Every text, byte string, list and map that a client",
    "or a peer can send, and the most that is accepted; longer is refused as a whole. Sizes of text are in bytes of UTF-8.",
    "",
    "| message | field | limit |",
    "|---|---|---|",
    ...limits.map(({ message, field, limit }) => `| ${message} | ${field} | ${limit ?? "none"} |`),
    "",
  ].join("\n");
}

function hasSize(field: DescField): boolean {
  return field.fieldKind === "list" || field.fieldKind === "map" || isTextOrBytes(field);
}

function isTextOrBytes(field: DescField): boolean {
  return field.scalar === ScalarType.STRING || field.scalar === ScalarType.BYTES;
}

function limitOf(field: DescField): string | undefined {
  const rules = getOption(field, fieldRules);
  if (field.fieldKind === "map") {
    return mapLimit(rules);
  }
  return field.fieldKind === "list" ? listLimit(field, rules) : sizeLimit(rules);
}

function mapLimit(rules: FieldRules): string | undefined {
  if (rules.type.case !== "map" || rules.type.value.maxPairs === 0n) {
    return undefined;
  }
  const { maxPairs, keys, values } = rules.type.value;
  const [key, value] = [keys && sizeLimit(keys), values && sizeLimit(values)];
  return key === undefined || value === undefined
    ? undefined
    : `${maxPairs} keys of ${key}, values of ${value}`;
}

function listLimit(field: DescField, rules: FieldRules): string | undefined {
  if (rules.type.case !== "repeated" || rules.type.value.maxItems === 0n) {
    return undefined;
  }
  const { maxItems, items } = rules.type.value;
  if (!isTextOrBytes(field)) {
    return `${maxItems} items`;
  }
  const item = items && sizeLimit(items);
  return item === undefined ? undefined : `${maxItems} items of ${item}`;
}

function sizeLimit({ type }: FieldRules): string | undefined {
  if (type.case === "string") {
    const { maxBytes, pattern } = type.value;
    return maxBytes > 0n ? `${maxBytes} bytes` : boundOfPattern(pattern);
  }
  if (type.case !== "bytes") {
    return undefined;
  }
  const { len, maxLen } = type.value;
  return len > 0n ? `exactly ${len} bytes` : maxLen > 0n ? `${maxLen} bytes` : undefined;
}

/** A pattern bounds the size only when it is anchored and ends in a counted set of one-byte characters. */
function boundOfPattern(pattern: string): string | undefined {
  const most = /^\^\[[\w.-]+\]\{\d+,(\d+)\}\$$/.exec(pattern)?.[1];
  return most === undefined ? undefined : `${most} bytes`;
}
