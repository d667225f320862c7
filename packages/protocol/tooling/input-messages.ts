import { createRegistry, type DescFile, type DescMessage, type Registry } from "@bufbuild/protobuf";
import { ChatMessageSchema, DevelopmentService, SignalingService } from "../src/index.ts";

const ownPackage = "peerline.signaling.v1";
const ofPeers = ["ControlFrame", "ChatMessage"];

/** The schema of this working copy, as generated. */
export function presentSchema(): Registry {
  const files = new Set<DescFile>();
  const visit = (file: DescFile): void => {
    files.add(file);
    file.dependencies.forEach(visit);
  };
  [SignalingService, DevelopmentService, ChatMessageSchema].forEach(({ file }) => {
    visit(file);
  });
  return createRegistry(...files);
}

/** Every message that can arrive from outside by this schema: in a request, or from the peer on a data channel. */
export function inputMessages(schema: Registry): ReadonlySet<DescMessage> {
  const requests = [...schema].flatMap((type) =>
    type.kind === "service" && type.file.proto.package === ownPackage
      ? type.methods.map(({ input }) => input)
      : [],
  );
  const found = new Set<DescMessage>();
  const visit = (message: DescMessage | undefined): void => {
    if (!message || found.has(message) || message.file.proto.package !== ownPackage) return;
    found.add(message);
    for (const { message: nested } of message.fields) visit(nested);
  };
  requests.forEach(visit);
  for (const name of ofPeers) visit(schema.getMessage(`${ownPackage}.${name}`));
  return found;
}
