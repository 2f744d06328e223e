import type { Api } from "@/lib/api/client";
import type { Me } from "@/lib/api/types";

export interface Credentials {
  email: string;
  password: string;
}

/** Makes the session (the cookie comes with the answer) and says who it is. */
export async function signIn(api: Api, credentials: Credentials): Promise<Me> {
  await api.post("/auth/login", credentials);
  return await api.get<Me>("/auth/me");
}
