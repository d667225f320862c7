/** Who may do what to whom: the application's rules, asked on every attempt. All may be async. */
export interface Policy {
  /** `false`: the caller hears that the callee is unreachable, as for someone who is not there. */
  mayCall(from: string, to: string): boolean | Promise<boolean>;
  /** Messages of third-party types outside of any call. */
  mayRelay(from: string, to: string): boolean | Promise<boolean>;
  /** `false`: shown as offline. */
  maySeePresence(viewer: string, user: string): boolean;
  /** For `PresenceSubscribe.contacts`. "everyone" is everybody who has attached since the start. */
  contactsOf(user: string): readonly string[] | "everyone";
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
