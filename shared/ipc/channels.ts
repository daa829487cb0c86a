/** The only two channels between the processes. */
export const requestChannel = 'workbench:request';
export const eventChannel = 'workbench:events';

/** Name of the app stream; session streams are named by the session's id. */
export const appStream = 'app';
