import { answerOr, type Outside } from "./outside.ts";

/**
 * How a caller may reach a callee. `silent`: the caller sees a call that nobody takes, and nobody is rung. The other two
 * ring, and show the callee's network address never or not before the accept. PROTOCOL 2.7 row 32, T4.
 */
export type CallPermission = "ring" | "relay-until-accept" | "relay-always" | "silent";

/** Whom a user knows. "everyone" is everybody who has attached since the start. At most 10,000 are read. */
export type Contacts = Iterable<string> | "everyone";

/**
 * Who may do what to whom: the application's rules. All may be async. One that throws, rejects, gives something else or takes
 * longer than `timers.applicationMs` permits nothing: `mayCall` and `mayRelay` make the command fail as `internal`, the other
 * two show nobody.
 */
export interface Policy {
  /** `true` is "ring", `false` is "silent". Asked on every attempt. */
  mayCall(from: string, to: string): boolean | CallPermission | Promise<boolean | CallPermission>;
  /** Messages of third-party types outside of any call. Asked for each message. */
  mayRelay(from: string, to: string): boolean | Promise<boolean>;
  /** `false`: shown as offline. Asked on each change that would be shown. */
  maySeePresence(viewer: string, user: string): boolean | Promise<boolean>;
  /** For `PresenceSubscribe.contacts`, asked on each subscription and each minute; and whose calls ring first. */
  contactsOf(user: string): Contacts | Promise<Contacts>;
}

/** Contacts as they were read. */
export type KnownContacts = ReadonlySet<string> | "everyone";

/** The policy as the server asks it: always in time. */
export interface Rules {
  /** Throws `ServerError` "application-failed". */
  mayCall(from: string, to: string): Promise<CallPermission>;
  /** Throws `ServerError` "application-failed". */
  mayRelay(from: string, to: string): Promise<boolean>;
  /** False when the policy fails. */
  maySeePresence(viewer: string, user: string): boolean | Promise<boolean>;
  /** `undefined` when the policy fails. */
  contactsOf(user: string): KnownContacts | undefined | Promise<KnownContacts | undefined>;
}

/** The one place that calls a policy. */
export function rulesOf(policy: Policy, { ask }: Outside): Rules {
  return {
    mayCall: async (from, to) => ask("policy.mayCall", () => policy.mayCall(from, to), readPermission),
    mayRelay: async (from, to) => ask("policy.mayRelay", () => policy.mayRelay(from, to), readBoolean),
    maySeePresence(viewer, user) {
      const see = () => policy.maySeePresence(viewer, user);
      return answerOr(() => ask("policy.maySeePresence", see, readBoolean), false);
    },
    contactsOf(user) {
      const contacts = () => policy.contactsOf(user);
      return answerOr(() => ask("policy.contactsOf", contacts, readContacts), undefined);
    },
  };
}

/** The same rules, each question asked once: what is decided anew on a conflict is decided by the same answers. */
export function remembering(rules: Rules): Rules {
  return {
    mayCall: onceEach(rules.mayCall),
    mayRelay: onceEach(rules.mayRelay),
    maySeePresence: onceEach(rules.maySeePresence),
    contactsOf: onceEach(rules.contactsOf),
  };
}

function onceEach<T>(ask: (from: string, to: string) => T) {
  const answers = new Map<string, T>();
  return (from: string, to = ""): T => {
    const name = JSON.stringify([from, to]);
    const answer = answers.get(name) ?? ask(from, to);
    answers.set(name, answer);
    return answer;
  };
}

const permissions: ReadonlyMap<unknown, CallPermission> = new Map<unknown, CallPermission>([
  [true, "ring"],
  [false, "silent"],
  ["ring", "ring"],
  ["silent", "silent"],
  ["relay-until-accept", "relay-until-accept"],
  ["relay-always", "relay-always"],
]);

function readPermission(answer: unknown): CallPermission | undefined {
  return permissions.get(answer);
}

function readBoolean(answer: unknown): boolean | undefined {
  return typeof answer === "boolean" ? answer : undefined;
}

const maxContacts = 10_000;

function readContacts(answer: unknown): KnownContacts | undefined {
  if (answer === "everyone") return answer;
  if (!isIterable(answer)) return undefined;
  const users = new Set<string>();
  let read = 0;
  for (const user of answer) {
    if (typeof user !== "string") return undefined;
    users.add(user);
    read += 1;
    if (read === maxContacts) break;
  }
  return users;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

/** Everyone may do everything. */
export const developmentPolicy: Policy = {
  mayCall: () => true,
  mayRelay: () => true,
  maySeePresence: () => true,
  contactsOf: () => "everyone",
};

/** Without rules of the application: signed-in users may call each other and no more. PROTOCOL T5. */
export const closedPolicy: Policy = {
  mayCall: () => true,
  mayRelay: () => false,
  maySeePresence: (viewer, user) => viewer === user,
  contactsOf: () => [],
};
