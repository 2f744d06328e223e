/** RFC 9457 as the server fills it; `code` is stable, `title` and `detail` are sentences for people. */
export interface Problem {
  type?: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  errors?: readonly FieldProblem[];
}

export interface FieldProblem {
  field: string;
  code: string;
  detail: string;
}

/** An answer that is not 2xx, or none at all (`status` 0, `code` "unreachable"). */
export class RequestFailed extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "RequestFailed";
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** True for a failure with this status; 0 means the server could not be reached. */
export function failedWith(error: unknown, status: number): error is RequestFailed {
  return error instanceof RequestFailed && error.status === status;
}

/** The last part of a field's path: `body.positions.0.vin` is shown at `vin`. */
function lastPart(field: string): string {
  return field.split(/[./]/).at(-1) ?? field;
}

/** The server's sentence without the name of the library's error before it. */
function sentence(detail: string): string {
  const plain = detail.replace(/^Value error, /, "");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** Splits a failure into what belongs at a known field and what only the summary can say. */
export function fieldErrorsOf(
  error: unknown,
  known: readonly string[],
): { fields: Record<string, string>; others: string[] } {
  if (!(error instanceof RequestFailed)) return { fields: {}, others: [] };
  const fields: Record<string, string> = {};
  const others: string[] = [];
  for (const one of error.problem.errors ?? []) {
    const name = known.includes(one.field) ? one.field : lastPart(one.field);
    if (known.includes(name)) fields[name] ??= sentence(one.detail);
    else others.push(sentence(one.detail));
  }
  if (!error.problem.errors?.length && error.message) others.push(error.message);
  return { fields, others };
}
