import type { DescMessage, MessageShape, MessageValidType } from "@bufbuild/protobuf";
import { createValidator, type ValidationResult, type Violation } from "@bufbuild/protovalidate";
import type { Interceptor } from "@connectrpc/connect";
import { createValidateInterceptor } from "@connectrpc/validate";
import { ServerError } from "../errors/server-error.ts";

/** Compiles the rules of a message when it first meets one, once for the process. */
const validator = createValidator({ failFast: true });

const tooLargeRules = new Set([
  "string.max_bytes",
  "string.max_len",
  "bytes.max_len",
  "repeated.max_items",
  "map.max_pairs",
]);

/**
 * Checks requests against the rules of the schema. A broken rule throws `ServerError` "too-large" or "malformed" that
 * names the field and the limit. PROTOCOL 1.10, 1.11.
 */
export function createValidationInterceptor(): Interceptor {
  return createValidateInterceptor({ validator: { validate: validated } });
}

/** The check of one message. Throws `ServerError` for a broken rule; gives whatever else the validator finds. */
export function validated<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
): ValidationResult<MessageValidType<Desc>, MessageShape<Desc>> {
  const result = validator.validate(schema, message);
  const violation = result.violations?.[0];
  if (violation) throw violationError(violation);
  return result;
}

/** The refusal for one broken rule. */
export function violationError(violation: Violation): ServerError {
  const field = violation.toString().split(": ", 1)[0] ?? "";
  const code = tooLargeRules.has(violation.ruleId) ? "too-large" : "malformed";
  return new ServerError(code, `${field}: ${violation.message}. Correct the field and send again.`, {
    field,
  });
}
