/** Web Mercator as a square from 0 to 1, and back. */

const MAX_LATITUDE_DEG = 85.051129;

/** Web Mercator, 0 (180° west) … 1 (180° east). */
export function mercatorX(lonDeg: number): number {
  return (180 + lonDeg) / 360;
}

/** Web Mercator, 0 (north) … 1 (south); the poles are cut off as on every web map. */
export function mercatorY(latDeg: number): number {
  const lat = Math.max(-MAX_LATITUDE_DEG, Math.min(MAX_LATITUDE_DEG, latDeg));
  return (180 - (180 / Math.PI) * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360))) / 360;
}

/** Back from Web Mercator to degrees. */
export function latitudeOf(y: number): number {
  return (360 / Math.PI) * Math.atan(Math.exp(((180 - y * 360) * Math.PI) / 180)) - 90;
}

/** Back from Web Mercator to degrees. */
export function longitudeOf(x: number): number {
  return x * 360 - 180;
}
