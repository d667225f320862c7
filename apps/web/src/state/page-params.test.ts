import { expect, test } from "vitest";
import { addressOf, hrefFor, pathWithin, readParams, serverUrl } from "./page-params.ts";

test("the address says who signs in, with whom and where", () => {
  expect(readParams("?as=alice&with=bob&server=http://x:1&fake=live")).toEqual({
    as: "alice",
    with: "bob",
    server: "http://x:1",
    fake: "live",
  });
});

test("empty values count as absent", () => {
  const absent = { as: undefined, with: undefined, server: undefined, fake: undefined };
  expect(readParams("?as=%20&server=")).toEqual(absent);
  expect(readParams("")).toEqual(absent);
});

test.each([
  ["/", {}, "/"],
  ["/call/1", { as: "Ana María" }, "/call/1?as=Ana+Mar%C3%ADa"],
  ["/lab", { as: "a", with: "b", server: "http://x:1" }, "/lab?as=a&with=b&server=http%3A%2F%2Fx%3A1"],
])("%s keeps %o in the address", (path, params, href) => {
  expect(hrefFor(path, params)).toBe(href);
  expect(readParams(new URL(href, "http://page").search)).toMatchObject(params);
});

test.each([
  [{ asked: "http://asked:1/" }, "http://asked:1"],
  [{ asked: "https://calls.example/api/" }, "https://calls.example/api"],
  [{ configured: "https://built.example" }, "https://built.example"],
  [{}, "http://page.host:8080"],
  [{ asked: "localhost:8080" }, undefined],
  [{ asked: "not an address" }, undefined],
  [{ asked: "http://asked:1/?" }, "http://asked:1"],
  [{ asked: "http://asked:1/?x=1" }, undefined],
  [{ asked: "http://asked:1/#x" }, undefined],
  [{ asked: "http://ana:secret@asked:1" }, undefined],
  [{ asked: "javascript:alert(1)" }, undefined],
])("the server of %o is %s", (changes, expected) => {
  const sources = { asked: undefined, configured: "", hostname: "page.host", port: 8080, ...changes };
  expect(serverUrl(sources)).toBe(expected);
});

test.each([
  ["/", "/", "/"],
  ["/call/1", "/", "/call/1"],
  ["/", "/calls/", "/calls/"],
  ["/call/1", "/calls/", "/calls/call/1"],
])("%s below %s is at %s, and back", (path, folder, address) => {
  expect(addressOf(path, folder)).toBe(address);
  expect(pathWithin(address, folder)).toBe(path);
});

test.each([
  ["/calls", "/calls/", "/"],
  ["/call/1/", "/", "/call/1"],
  ["/call/%E0%A4%A", "/", "/call/%E0%A4%A"],
  ["/callscall/1", "/calls/", undefined],
  ["/other", "/calls/", undefined],
])("%s below %s is %s", (pathname, folder, path) => {
  expect(pathWithin(pathname, folder)).toBe(path);
});

test.each(["?as=%", "?as=%E0%A4%A", "?as=%00", "?%", "?as=\uD800"])(
  "an address with %j is read",
  (search) => {
    expect(hrefFor("/", readParams(search))).toMatch(/^\/(\?as=.+)?$/);
  },
);
