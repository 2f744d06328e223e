/** What has to be typed into a tracker, or sent to it, so that it speaks to this server. */

/** Where phones (OsmAnd, Traccar Client) and Teltonika trackers are heard, unless the settings say otherwise. */
export const OSMAND_PORT = 5055;
export const TELTONIKA_PORT = 5027;

/** Address for a phone app. */
export function phoneAddress(host: string): string {
  return `http://${bracketed(host)}:${OSMAND_PORT}`;
}

/** A first fix by hand, in any browser or with curl. */
export function phoneTest(host: string, identifier: string): string {
  const query = new URLSearchParams({ id: identifier, lat: "52.52", lon: "13.405", speed: "0" });
  return `${phoneAddress(host)}/?${query.toString()}`;
}

/** The text message that sets server, port and TCP in a Teltonika tracker without password. It begins with two blanks. */
export function teltonikaMessage(host: string): string {
  return `  setparam 2004:${host};2005:${TELTONIKA_PORT};2006:0`;
}

/** A call of the API that a program can start from. */
export function apiCall(origin: string, identifier: string, at: Date): string {
  const body = {
    positions: [
      { device: identifier, at: at.toISOString().replace(/\.\d+Z$/, "Z"), lat: 52.52, lon: 13.405 },
    ],
  };
  return [
    `curl ${origin}/api/v1/telemetry`,
    `-H 'Authorization: Bearer YOUR_KEY'`,
    `-H 'Content-Type: application/json'`,
    `-d '${JSON.stringify(body)}'`,
  ].join(" \\\n  ");
}

/** True when only this computer reaches the host: a tracker elsewhere would speak to itself. */
export function isOnlyHere(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host === "::1" || host.startsWith("127.");
}

function bracketed(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
