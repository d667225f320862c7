/**
 * The browsers of the end-to-end tests: the variable that names another one, and the Debian packages that bring it. Of
 * `packages` the first one that the distribution has is installed.
 */
export const browsers = {
  Chromium: {
    variable: "PEERLINE_CHROMIUM",
    packages: ["chromium-headless-shell", "chromium"],
    beside: ["fonts-liberation"],
  },
  Firefox: { variable: "PEERLINE_FIREFOX", packages: ["firefox-esr", "firefox"], beside: [] },
};

/** What a person does without apt-get. */
export function adviceFor(browser) {
  return `Fix: install ${browser} and set ${browsers[browser].variable} to its path.`;
}

/** Whether `browser` has to be installed. Throws when its variable names a path where there is none. */
export function isMissing(browser, found, env) {
  if (found !== undefined) {
    return false;
  }
  const { variable } = browsers[browser];
  if (env[variable]) {
    throw new Error(`${variable} names ${env[variable]}, which does not exist. ${adviceFor(browser)}`);
  }
  return true;
}

/** The packages of the browsers that are missing. Where the distribution has none of a browser's, apt-get says so. */
export function browserPackages(missing, isKnown) {
  return missing.flatMap((browser) => {
    const { packages, beside } = browsers[browser];
    return [packages.find(isKnown) ?? packages[0], ...beside];
  });
}
