import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { serverUrl, userName } from "./arguments.ts";

test.each([
  ["http://localhost:8080", "http://localhost:8080"],
  ["http://localhost:8080/", "http://localhost:8080"],
  ["https://calls.example.com/signaling//", "https://calls.example.com/signaling"],
  ["http://[::1]:8080", "http://[::1]:8080"],
])("%s is a server", (text, url) => {
  expect(serverUrl(text)).toBe(url);
});

test.each([
  "",
  " ",
  "localhost:8080",
  "http://",
  "http://localhost:99999",
  "ws://localhost:8080",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "http://ana:secret@localhost:8080",
  "http://localhost:8080/?x=1",
  "http://localhost:8080/#x",
  "%%%",
])("%o is no server", (text) => {
  expect(() => serverUrl(text)).toThrow(InvalidArgumentError);
});

test.each(["ana", "José", "C++", "👍", "n".repeat(128)])("%s is a name", (text) => {
  expect(userName(text)).toBe(text);
});

test.each(["", "  ", "\u200b", "\u202e", "\u0000", "n".repeat(129), "é".repeat(65)])(
  "%o is no name",
  (text) => {
    expect(() => userName(text)).toThrow(InvalidArgumentError);
  },
);
