import { expect, test } from "vitest";
import {
  apiCall,
  isOnlyHere,
  phoneAddress,
  phoneTest,
  teltonikaMessage,
} from "@/features/devices/tracker-texts";

test("a phone is told the server with its port, IPv6 in brackets", () => {
  expect(phoneAddress("fleet.example", 5055)).toBe("http://fleet.example:5055");
  expect(phoneAddress("2001:db8::1", 5055)).toBe("http://[2001:db8::1]:5055");
});

test("a first fix by hand names the device, whatever is in its name", () => {
  expect(phoneTest("fleet.example", 5055, "Anna & Bob")).toBe(
    "http://fleet.example:5055/?id=Anna+%26+Bob&lat=52.52&lon=13.405&speed=0",
  );
});

test("a Teltonika tracker gets server, port and TCP in one message that begins with two blanks", () => {
  expect(teltonikaMessage("fleet.example", 5027)).toBe("  setparam 2004:fleet.example;2005:5027;2006:0");
});

test("the call of the API can be pasted into a shell and holds the telemetry contract", () => {
  const call = apiCall("https://fleet.example", "van-1", new Date("2026-11-20T12:00:00.123Z"));
  expect(call).toContain("curl https://fleet.example/api/v1/telemetry");
  const body = /-d '(.*)'$/.exec(call)?.[1] ?? "";
  expect(JSON.parse(body)).toEqual({
    positions: [{ device: "van-1", at: "2026-11-20T12:00:00Z", lat: 52.52, lon: 13.405 }],
  });
});

test("addresses that only this computer reaches are known", () => {
  for (const host of ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"]) expect(isOnlyHere(host)).toBe(true);
  for (const host of ["10.0.0.5", "fleet.example"]) expect(isOnlyHere(host)).toBe(false);
});
