/** What has to be typed into a tracker, or sent to it, so that it speaks to this server. */

/** Address for a phone app. */
export function phoneAddress(host: string, port: number): string {
  return `http://${bracketed(host)}:${port}`;
}

/** A first fix by hand, in any browser or with curl. */
export function phoneTest(host: string, port: number, identifier: string): string {
  const query = new URLSearchParams({ id: identifier, lat: "52.52", lon: "13.405", speed: "0" });
  return `${phoneAddress(host, port)}/?${query.toString()}`;
}

/** The text message that sets server, port and TCP in a Teltonika tracker without password. It begins with two blanks. */
export function teltonikaMessage(host: string, port: number): string {
  return `  setparam 2004:${host};2005:${port};2006:0`;
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
