import { customAlphabet } from 'nanoid';

/** An id that nothing has yet; see `idSchema`. */
export const newId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 16);
