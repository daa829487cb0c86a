/**
 * What a call does, by which questions can be left out: `query` looks something up, `execute` is all the rest. The reference has two
 * more lanes, for control and for replies of the model; no tool belongs to them.
 */
export const lanes = ['query', 'execute'] as const;
export type Lane = (typeof lanes)[number];

export const timeoutActions = ['reject', 'approve-reads'] as const;

/** The shortest and the longest time that a question can be given, in milliseconds. */
export const timeoutLimits = { least: 1000, most: 30 * 24 * 3_600_000 } as const;

/**
 * Who answers when rules and mode leave a call to a person. It speaks for ask rules and for what nothing else decides; never for deny
 * rules, Plan mode or protected paths.
 */
export interface ConfirmationPolicy {
  /** False: nothing waits for a person, what would be asked is allowed. */
  enabled: boolean;
  /** Milliseconds that a question about a call waits; absent: as long as it takes. */
  defaultTimeoutMs?: number | undefined;
  /** What becomes of the call then: not run, or run when it does nothing but read. */
  timeoutAction: (typeof timeoutActions)[number];
  /** Lanes whose calls wait for nobody. */
  yoloLanes: Lane[];
}

/** Everything is asked, and waits as long as it takes. */
export const alwaysAsk: ConfirmationPolicy = { enabled: true, timeoutAction: 'reject', yoloLanes: [] };

export const isSameConfirmation = (one: ConfirmationPolicy, other: ConfirmationPolicy): boolean =>
  one.enabled === other.enabled &&
  one.defaultTimeoutMs === other.defaultTimeoutMs &&
  one.timeoutAction === other.timeoutAction &&
  lanes.every((lane) => one.yoloLanes.includes(lane) === other.yoloLanes.includes(lane));

/** Lanes about which nobody is asked. */
export const exemptLanes = ({ enabled, yoloLanes }: ConfirmationPolicy): readonly Lane[] =>
  enabled ? lanes.filter((lane) => yoloLanes.includes(lane)) : lanes;

/** Nobody is asked about any call, whatever it is called. */
export const asksNothing = (policy: ConfirmationPolicy): boolean => exemptLanes(policy).length === lanes.length;

const lets = (policy: ConfirmationPolicy): boolean =>
  asksNothing(policy) || (policy.defaultTimeoutMs !== undefined && policy.timeoutAction === 'approve-reads');

/**
 * The policy in force under the policies above, nearest first; the absent ones follow what is above them. A session lets nothing run
 * without a person that one above it would not: lanes and silence that only it has do not count.
 */
export function confirmationInForce(
  own: ConfirmationPolicy | undefined,
  above: readonly (ConfirmationPolicy | undefined)[],
): ConfirmationPolicy {
  if (above.length === 0) return own ?? alwaysAsk;
  const parent = confirmationInForce(above[0], above.slice(1));
  if (!own) return parent;
  const { defaultTimeoutMs: timeout } = own;
  const reads = own.timeoutAction === 'approve-reads' && lets(parent);
  const shared = exemptLanes(own).filter((lane) => exemptLanes(parent).includes(lane));
  return {
    enabled: own.enabled || parent.enabled,
    ...(timeout === undefined
      ? {}
      : { defaultTimeoutMs: reads ? Math.max(timeout, parent.defaultTimeoutMs ?? 0) : timeout }),
    timeoutAction: reads ? 'approve-reads' : 'reject',
    yoloLanes: shared,
  };
}

/** A span as a person reads it: "45 s", "5 min", "1.5 h". */
export function spanText(ms: number): string {
  const [value, unit] = ms < 60_000 ? [ms / 1000, 's'] : ms < 3_600_000 ? [ms / 60_000, 'min'] : [ms / 3_600_000, 'h'];
  return `${Number(value.toFixed(1))} ${unit}`;
}
