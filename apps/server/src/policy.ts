/**
 * How a caller may reach a callee. `silent`: the caller sees a call that nobody takes, and nobody is rung. The other two
 * ring, and show the callee's network address never or not before the accept. PROTOCOL 2.7 row 32, T4.
 */
export type CallPermission = "ring" | "relay-until-accept" | "relay-always" | "silent";

/** Who may do what to whom: the application's rules, asked on every attempt. All may be async. */
export interface Policy {
  /** `true` is "ring", `false` is "silent". */
  mayCall(from: string, to: string): boolean | CallPermission | Promise<boolean | CallPermission>;
  /** Messages of third-party types outside of any call. */
  mayRelay(from: string, to: string): boolean | Promise<boolean>;
  /** `false`: shown as offline. */
  maySeePresence(viewer: string, user: string): boolean;
  /** For `PresenceSubscribe.contacts`. "everyone" is everybody who has attached since the start. */
  contactsOf(user: string): readonly string[] | "everyone";
}

/** Asks the policy how `from` may reach `to`. */
export async function callPermission(policy: Policy, from: string, to: string): Promise<CallPermission> {
  const answer = await policy.mayCall(from, to);
  if (answer === true) return "ring";
  return answer === false ? "silent" : answer;
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
