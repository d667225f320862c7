import { readdirSync, readFileSync } from "node:fs";
import {
  createFileRegistry,
  type DescMessage,
  type DescMethod,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type FileRegistry,
  fromBinary,
  fromJson,
  type JsonObject,
  type Message,
  toJson,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { createValidator } from "@bufbuild/protovalidate";
import type { Transport } from "@connectrpc/connect";

type MethodName = readonly [service: string, method: string];
type Headers = Readonly<Record<string, string>>;

/** Requests and answers of a released schema, as protobuf's JSON. What the schema does not have is refused or not seen. */
export interface ReleasedWire {
  unary(transport: Transport, name: MethodName, request: JsonObject, headers: Headers): Promise<JsonObject>;
  stream(
    transport: Transport,
    name: MethodName,
    request: JsonObject,
    how: { readonly headers: Headers; readonly signal: AbortSignal },
  ): AsyncGenerator<JsonObject>;
}

const images = new URL("../../../../proto/released/", import.meta.url);

/** The names of the images in `proto/released`, such as `v0.1.0`. */
export function releasedNames(): readonly string[] {
  return readdirSync(images).flatMap((file) => /^(.*)\.binpb$/.exec(file)?.[1] ?? []);
}

/** The schema as this release had it. */
export function releasedSchema(name: string): FileRegistry {
  return createFileRegistry(
    fromBinary(FileDescriptorSetSchema, readFileSync(new URL(`${name}.binpb`, images))),
  );
}

/** Throws for an answer that breaks a rule of the released schema. */
export function releasedWire(schema: FileRegistry): ReleasedWire {
  const validator = createValidator({ registry: schema });
  const write = (desc: DescMessage, request: JsonObject) => fromJson(desc, request, { registry: schema });
  const read = (desc: DescMessage, message: Message): JsonObject => {
    const { violations } = validator.validate(desc, message);
    if (violations) throw new Error(`its own rules refuse what came: ${violations.join("; ")}`);
    return part(
      { message: toJson(desc, message, { registry: schema, alwaysEmitImplicit: true }) },
      "message",
    );
  };
  return {
    async unary(transport, name, request, headers) {
      const method = methodOf(schema, name);
      if (!isUnary(method)) throw new TypeError(`${name.join("/")} is not unary`);
      const input = write(method.input, request);
      const { message } = await transport.unary(method, undefined, undefined, headers, input);
      return read(method.output, message);
    },
    async *stream(transport, name, request, { headers, signal }) {
      const method = methodOf(schema, name);
      if (!isStream(method)) throw new TypeError(`${name.join("/")} does not stream`);
      const input = one(write(method.input, request));
      const { message } = await transport.stream(method, signal, undefined, headers, input);
      for await (const frame of message) yield read(method.output, frame);
    },
  };
}

/** The object at `name`. Throws when there is none. */
export function part(of: JsonObject, name: string): JsonObject {
  const value = of[name];
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new TypeError(`no ${name} in ${JSON.stringify(of)}`);
}

function methodOf(schema: FileRegistry, [service, name]: MethodName): DescMethod {
  const method = schema.getService(service)?.methods.find((each) => each.name === name);
  if (!method) throw new TypeError(`the image has no ${service}/${name}`);
  return method;
}

function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === "unary";
}

function isStream(method: DescMethod): method is DescMethodServerStreaming {
  return method.methodKind === "server_streaming";
}

async function* one<T>(value: T): AsyncGenerator<T> {
  yield value;
}
