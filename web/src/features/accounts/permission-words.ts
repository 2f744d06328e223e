import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** What a permission lets one do. */
export const PERMISSION_WORDS: Readonly<Record<string, MessageDescriptor>> = {
  "vehicles.read": msg`See vehicles and fleets`,
  "vehicles.write": msg`Add and change vehicles`,
  "devices.read": msg`See devices`,
  "devices.write": msg`Add devices and assign them`,
  "positions.read": msg`See where vehicles are and were`,
  "trips.read": msg`See trips and stops`,
  "telemetry.write": msg`Send positions`,
  "tenant.read": msg`See the company's settings`,
  "tenant.write": msg`Change the company's settings`,
  "api_keys.read": msg`See API keys`,
  "api_keys.write": msg`Make and revoke API keys`,
};

export const ROLE_WORDS: Readonly<Record<string, MessageDescriptor>> = {
  admin: msg`Administrator`,
  fleet_manager: msg`Fleet manager`,
  technician: msg`Technician`,
  driver: msg`Driver`,
  viewer: msg`Viewer`,
};
