/** Every code that may cross a boundary. `internal` is a defect of ours; all others say what the person or the model can do. */
export const errorCodes = [
  'notFound',
  'busy',
  'paused',
  'notConfigured',
  'invalid',
  'limit',
  'storage',
  'provider',
  'cancelled',
  'denied',
  'elsewhere',
  'stale',
  'unsupported',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** An error as data: `message` says what happened, `hint` what to do about it. */
export interface Failure {
  code: ErrorCode;
  message: string;
  hint?: string;
  /** What is wrong with parts of an input, each named by its place in it. */
  fields?: FieldProblem[];
}

/** What happened and what to do about it, in one text. */
export const failureText = ({ message, hint }: { message: string; hint?: string | undefined }): string =>
  hint ? `${message} ${hint}` : message;

export interface FieldProblem {
  path: (string | number)[];
  message: string;
}

export type Result<T> = { ok: true; value: T } | { ok: false; error: Failure };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const fail = (code: ErrorCode, message: string, hint?: string): { ok: false; error: Failure } => ({
  ok: false,
  error: hint === undefined ? { code, message } : { code, message, hint },
});

/** The only error that our own code throws on purpose. */
export class WorkbenchError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly fields: FieldProblem[] | undefined;

  constructor(code: ErrorCode, message: string, hint?: string, fields?: FieldProblem[]) {
    super(message);
    this.name = 'WorkbenchError';
    this.code = code;
    this.hint = hint;
    this.fields = fields;
  }
}

/** The value, or the failure as something thrown. */
export function orThrow<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const { code, message, hint, fields } = result.error;
  throw new WorkbenchError(code, message, hint, fields);
}

/** Turns anything thrown into data; what we did not throw ourselves becomes `internal`. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof WorkbenchError) {
    const { code, message, hint, fields } = thrown;
    return { code, message, ...(hint === undefined ? {} : { hint }), ...(fields ? { fields } : {}) };
  }
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) };
}
