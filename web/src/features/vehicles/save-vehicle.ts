import type { Api } from "@/lib/api/client";
import { RequestFailed } from "@/lib/api/problem";
import type { Fleet, Vehicle } from "@/lib/api/types";
import { changesOf, FIELD_OF_CODE, type VehicleValues, bodyOf } from "@/features/vehicles/vehicle-values";

/** Puts a refusal at its field where only the code says which one it is. */
function atField(error: unknown): unknown {
  if (!(error instanceof RequestFailed) || error.problem.errors?.length) return error;
  const field = FIELD_OF_CODE[error.code];
  if (!field) return error;
  return new RequestFailed({
    ...error.problem,
    errors: [{ field, code: error.code, detail: error.message }],
  });
}

export async function addVehicle(api: Api, values: VehicleValues): Promise<Vehicle> {
  return await api.post<Vehicle>("/vehicles", bodyOf(values)).catch((error: unknown) => {
    throw atField(error);
  });
}

/** Sends what changed since `before`, on top of `version`; nothing changed sends nothing. */
export async function changeVehicle(
  api: Api,
  id: string,
  version: number,
  before: VehicleValues,
  after: VehicleValues,
): Promise<void> {
  const changes = changesOf(before, after);
  if (Object.keys(changes).length === 0) return;
  await api.patch<Vehicle>(`/vehicles/${id}`, changes, version).catch((error: unknown) => {
    throw atField(error);
  });
}

export async function addFleet(api: Api, name: string): Promise<Fleet> {
  return await api.post<Fleet>("/fleets", { name });
}
