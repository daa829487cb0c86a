import { estimateTokenCount } from 'tokenx';
import type { ContextParts } from '../../../shared/app/context-preview.ts';
import type { CallItem, SessionState } from '../../../shared/session/state.ts';
import { skillTool } from '../../../shared/skills/skill.ts';
import type { ToolDefinition } from '../../model/model-client.ts';
import { type ShownCall, type Slot, selectSlots } from './selection.ts';
import { framedSkill, prunedOutput, summaryText } from './wording.ts';

/** Roles and separators around one message. */
const perMessage = 4;
const perImage = 1000;

/** Tokens of a text by itself. */
export const textTokens = (text: string): number => estimateTokenCount(text);

/** Items never change in place, so an estimate holds as long as its item lives. */
const texts = new WeakMap<object, number>();

function once(item: object, text: () => string): number {
  const known = texts.get(item);
  if (known !== undefined) return known;
  const tokens = estimateTokenCount(text()) + perMessage;
  texts.set(item, tokens);
  return tokens;
}

const calls = new WeakMap<CallItem, { asked: number; answered: number }>();

/** What a call takes: its arguments, which are part of the reply, and its output. */
export function callTokens({ call, pruned }: ShownCall): { asked: number; answered: number } {
  let tokens = calls.get(call);
  if (!tokens) {
    const images = (call.result?.images?.length ?? 0) * perImage;
    tokens = {
      asked: estimateTokenCount(`${call.tool} ${JSON.stringify(call.args) ?? ''}`) + perMessage,
      answered: estimateTokenCount(call.result?.output ?? '') + perMessage + images,
    };
    calls.set(call, tokens);
  }
  if (!pruned) return tokens;
  return { ...tokens, answered: Math.min(tokens.answered, estimateTokenCount(prunedOutput(call)) + perMessage) };
}

export interface Fixed {
  systemPrompt: string;
  tools: readonly ToolDefinition[];
  /** Stretches of the system prompt that are counted on their own. */
  parts?: { skills?: string; memory?: string };
}

const definitions = new WeakMap<ToolDefinition, number>();

function definitionTokens(tool: ToolDefinition): number {
  const known = definitions.get(tool);
  if (known !== undefined) return known;
  const tokens = estimateTokenCount(JSON.stringify(tool));
  definitions.set(tool, tokens);
  return tokens;
}

/** The prompt, and what is counted in it, are the same from turn to turn. */
const latest = new Map<'prompt' | 'skills' | 'memory', { text: string; tokens: number }>();

function promptTokens(part: 'prompt' | 'skills' | 'memory', text = ''): number {
  const known = latest.get(part);
  if (known?.text === text) return known.tokens;
  const tokens = text === '' ? 0 : estimateTokenCount(text);
  latest.set(part, { text, tokens });
  return tokens;
}

export function estimateParts(
  slots: readonly Slot[],
  { systemPrompt, tools, parts: stretches = {} }: Fixed,
): ContextParts {
  const skills = promptTokens('skills', stretches.skills);
  const memory = promptTokens('memory', stretches.memory);
  const parts: ContextParts = {
    system: Math.max(0, promptTokens('prompt', systemPrompt) + perMessage - skills - memory),
    tools: tools.reduce((sum, tool) => sum + definitionTokens(tool), 0),
    history: 0,
    results: 0,
    summary: 0,
    skills,
    memory,
  };
  for (const slot of slots) addSlot(parts, slot);
  return parts;
}

function addSlot(parts: ContextParts, slot: Slot): void {
  if (slot.kind === 'prompt') {
    const { skill, text } = slot.item;
    parts.history += once(slot.item, () => text);
    if (skill) parts.skills += once(skill, () => framedSkill(skill));
  } else if (slot.kind === 'summary') parts.summary += once(slot.item, () => summaryText(slot.item.text));
  else {
    if (slot.text) parts.history += once(slot.item, () => slot.item.text);
    for (const call of slot.calls) {
      const { asked, answered } = callTokens(call);
      parts.history += asked;
      parts[call.call.tool === skillTool ? 'skills' : 'results'] += answered;
    }
  }
}

/** Tokens of one slot. */
export function slotTokens(slot: Slot): number {
  const parts: ContextParts = { system: 0, tools: 0, history: 0, results: 0, summary: 0, skills: 0, memory: 0 };
  addSlot(parts, slot);
  return parts.history + parts.results + parts.summary + parts.skills;
}

export const sumOf = ({ system, tools, history, results, summary, skills, memory }: ContextParts): number =>
  system + tools + history + results + summary + skills + memory;

/** The next request of a session, unscaled. */
export const estimateRequest = (state: SessionState, fixed: Fixed): number =>
  sumOf(estimateParts(selectSlots(state), fixed));

/** The next request of a session, in tokens as its provider counts them. */
export const estimateContext = (state: SessionState, fixed: Fixed): number =>
  Math.round(estimateRequest(state, fixed) * (state.head.context?.scale ?? 1));
