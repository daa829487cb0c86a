import { z } from 'zod';
import { maxPath } from '../permissions/canonical-path.ts';

/** A path in a tool's arguments. One that no system takes is refused before anybody is asked about it. */
export const pathArgument = z
  .string()
  .min(1)
  .refine((path) => path.length <= maxPath, `is longer than ${maxPath} characters`)
  .refine((path) => !path.includes('\0'), 'holds a NUL character');
