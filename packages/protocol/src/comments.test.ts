import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";

const proto = fileURLToPath(new URL("../../../proto", import.meta.url));
const buf = fileURLToPath(new URL("../../../node_modules/.bin/buf", import.meta.url));

/** Field numbers of descriptor.proto, which the paths of source info are made of. */
const inFile = { message: 4, enum: 5, service: 6 } as const;
const inMessage = { field: 2, nested: 3, enum: 4 } as const;
const inService = { method: 2 } as const;

interface Named {
  readonly name: string;
  readonly path: string;
}

test("every message, field, enum and rpc of the schema says what it is for", () => {
  const missing = ownFiles().flatMap((file) => {
    const commented = commentedPaths(file);
    return namedParts(file)
      .filter(({ path }) => !commented.has(path))
      .map(({ name }) => name);
  });
  expect(missing).toEqual([]);
});

function ownFiles(): readonly FileDescriptorProto[] {
  const image = execFileSync(buf, ["build", "--as-file-descriptor-set", "-o", "-#format=binpb"], {
    cwd: proto,
  });
  return fromBinary(FileDescriptorSetSchema, image).file.filter(
    (file) => file.package === "peerline.signaling.v1",
  );
}

function commentedPaths(file: FileDescriptorProto): ReadonlySet<string> {
  const locations = file.sourceCodeInfo?.location ?? [];
  return new Set(
    locations
      .filter(({ leadingComments }) => leadingComments.trim() !== "")
      .map(({ path }) => path.join(".")),
  );
}

function namedParts(file: FileDescriptorProto): readonly Named[] {
  return [
    ...file.messageType.flatMap((message, index) => messageParts(message, `${inFile.message}.${index}`)),
    ...file.enumType.map((desc, index) => enumPart(desc, `${inFile.enum}.${index}`, "")),
    ...file.service.flatMap((service, index) => [
      { name: service.name, path: `${inFile.service}.${index}` },
      ...service.method.map(({ name }, method) => ({
        name: `${service.name}.${name}`,
        path: `${inFile.service}.${index}.${inService.method}.${method}`,
      })),
    ]),
  ];
}

type MessageProto = FileDescriptorProto["messageType"][number];
type EnumProto = FileDescriptorProto["enumType"][number];

function messageParts(message: MessageProto, path: string): readonly Named[] {
  if (message.options?.mapEntry === true) {
    return [];
  }
  return [
    { name: message.name, path },
    ...message.field.map(({ name }, index) => ({
      name: `${message.name}.${name}`,
      path: `${path}.${inMessage.field}.${index}`,
    })),
    ...message.nestedType.flatMap((nested, index) =>
      messageParts(nested, `${path}.${inMessage.nested}.${index}`),
    ),
    ...message.enumType.map((desc, index) =>
      enumPart(desc, `${path}.${inMessage.enum}.${index}`, message.name),
    ),
  ];
}

function enumPart(desc: EnumProto, path: string, within: string): Named {
  return { name: within === "" ? desc.name : `${within}.${desc.name}`, path };
}
