import { z } from 'zod';
import { WorkbenchError } from '../../shared/errors.ts';
import type { ToolDefinition } from '../model/model-client.ts';
import { plainName } from '../permissions/rules.ts';
import type { Tool } from './tool.ts';

const definitions = new WeakMap<Tool, ToolDefinition>();

/** The tool as the model is told of it. */
export function definitionOf(tool: Tool): ToolDefinition {
  const known = definitions.get(tool);
  if (known) return known;
  const { $schema: _dialect, ...parameters } = z.toJSONSchema(tool.schema, { io: 'input' });
  const definition = { name: tool.name, description: tool.description, parameters };
  definitions.set(tool, definition);
  return definition;
}

/**
 * Tools by name, listed in alphabetical order so that the model's prompt cache holds. Throws `invalid` for two names that rules could not
 * tell apart, from one another or from those `reserved` for tools that only some runs have.
 */
export function createRegistry(tools: Tool[], reserved: readonly string[] = []) {
  const seen = new Map(reserved.map((name) => [plainName(name), name]));
  for (const { name } of tools) {
    const same = seen.get(plainName(name));
    if (same !== undefined) throw new WorkbenchError('invalid', `Two tools have the name \`${same}\`.`);
    seen.set(plainName(name), name);
  }
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  return {
    list: (): Tool[] => [...byName.values()].sort((a, b) => a.name.localeCompare(b.name)),
    get: (name: string): Tool | undefined => byName.get(name),
  };
}

export type ToolRegistry = ReturnType<typeof createRegistry>;
